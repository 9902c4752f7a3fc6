#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "detect/alert.h"
#include "detect/rules.h"

static void test_rates(void **state)
{
	static const char *const bad[] = {"",       "x",         "-1",     "1/",
					  "1/week", "1/sec/min", "1 /sec", "99999999999999999999999"};
	struct rate r;

	(void) state;
	assert_int_equal(rate_parse("5/min", &r), 0);
	assert_true(r.count == 5 && r.unit == RATE_MIN);
	assert_int_equal(rate_parse("7", &r), 0);
	assert_true(r.count == 7 && r.unit == RATE_MIN);
	assert_int_equal(rate_parse("0/Day", &r), 0);
	assert_true(r.count == 0 && r.unit == RATE_DAY);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(rate_parse(bad[i], &r), ERR_MALFORMED);
}

static void test_throttle(void **state)
{
	struct throttle t = {.limit = {3, RATE_MIN}, .burst = {1, RATE_SEC}};

	(void) state;
	assert_true(throttle_take(&t, 100));
	assert_false(throttle_take(&t, 100.5));
	assert_true(throttle_take(&t, 101.5));
	assert_true(throttle_take(&t, 103));
	assert_false(throttle_take(&t, 110));
	assert_true(throttle_take(&t, 164)); /* a minute after the last */
	assert_false(throttle_take(&t, 163.9));
	assert_true(throttle_take(&t, 164 - 3601)); /* another time altogether */
	t.limit.count = 0;
	assert_false(throttle_take(&t, 1e9));
}

/* Captures of several days, read at once: each is held to the rates by itself. */
static void test_throttle_of_several_days(void **state)
{
	struct throttle t = {.limit = {2, RATE_MIN}, .burst = {1, RATE_SEC}};
	uint32_t taken = 0;

	(void) state;
	for (uint32_t i = 0; i < 100; i++)
		for (uint32_t day = 1; day <= THROTTLE_ERAS; day++)
			taken += throttle_take(&t, 86400.0 * (day * 7 % 5) + i * 0.1);
	assert_int_equal(taken, 2 * THROTTLE_ERAS);
	t = (struct throttle){.limit = {1, RATE_DAY}, .burst = {1, RATE_DAY}};
	assert_true(throttle_take(&t, 1000));
	assert_false(throttle_take(&t, 1000 + 7200)); /* the same day, later */
	assert_true(throttle_take(&t, 1000 + 86401));
}

static struct alert_definition definition(const char *name)
{
	struct alert_definition d = {.alert_class = "OTHER",
				     .severity = SEVERITY_LOW,
				     .throttle = {.limit = {10, RATE_MIN}, .burst = {10, RATE_SEC}}};

	(void) snprintf(d.name, sizeof(d.name), "%s", name);
	return d;
}

static void test_rates_wait_for_their_alert(void **state)
{
	struct alerts *a = alerts_create(4, NULL);
	struct alert_definition d = definition("LATER"), got[1];

	(void) state;
	assert_int_equal(alerts_configure(a, "later,2/hour,1/min"), ERR_NOT_FOUND);
	assert_int_equal(alerts_configure(a, "x,1/sec,1/min"), ERR_MALFORMED);
	assert_int_equal(alerts_define(a, &d), 0);
	assert_int_equal(alerts_define(a, &d), ERR_EXISTS);
	assert_int_equal(alerts_definitions(a, got, 1), 1);
	assert_true(got[0].throttle.limit.count == 2 && got[0].throttle.limit.unit == RATE_HOUR);
	assert_true(got[0].throttle.burst.count == 1 && got[0].throttle.burst.unit == RATE_MIN);
	alerts_destroy(a);
}

static void count(void *ctx, const struct alert *a)
{
	*(uint64_t *) ctx += a->number;
}

static void test_backlog_and_listeners(void **state)
{
	struct alerts *a = alerts_create(3, NULL);
	struct alert_definition d = definition("MANY");
	struct alert got[8];
	uint64_t sum = 0;
	int n = alerts_define(a, &d);

	(void) state;
	assert_int_equal(alerts_listen(a, count, &sum), 0);
	for (int i = 0; i < 12; i++)
		(void) alerts_raise(a, n, &(struct alert){.text = "x"}, 1000);
	assert_int_equal(sum, 55); /* 1 to 10 */
	assert_int_equal(alerts_copy(a, -1, got, 8), 3);
	assert_int_equal(got[0].number, 8);
	assert_true(alerts_raise(a, n, &got[0], 2000));
	assert_int_equal(got[0].held_back, 2);
	alerts_destroy(a);
}

static struct alert by(uint64_t offender)
{
	return (struct alert){.text = "x", .offender = mac_of_u64(offender)};
}

/* Each offender has the rates for itself, and its text counts what was held back of it alone. */
static void test_rates_count_by_offender(void **state)
{
	struct alerts *a = alerts_create(8, NULL);
	struct alert_definition d = definition("APART");
	struct alert alert;
	int n;

	(void) state;
	d.throttle = (struct throttle){.limit = {2, RATE_MIN}, .burst = {1, RATE_SEC}};
	n = alerts_define(a, &d);
	for (uint64_t who = 1; who <= 4; who++) {
		alert = by(who);
		assert_true(alerts_would_raise(a, n, &alert.offender, 1000));
		assert_true(alerts_raise(a, n, &alert, 1000));
		assert_string_equal(alert.text, "x");
	}
	for (int i = 0; i < 3; i++) {
		alert = by(2);
		assert_false(alerts_raise(a, n, &alert, 1000));
	}
	alert = by(3);
	assert_false(alerts_would_raise(a, n, &alert.offender, 1000));
	alert = by(2);
	assert_true(alerts_raise(a, n, &alert, 1002));
	assert_int_equal(alert.held_back, 3);
	assert_string_equal(alert.text, "x (and 3 more were held back)");
	alert = by(1);
	assert_true(alerts_raise(a, n, &alert, 1002));
	assert_int_equal(alert.held_back, 0);
	assert_int_equal(alerts_definitions(a, &d, 1), 1);
	assert_int_equal(d.raised, 6);
	assert_int_equal(d.held_back, 4);
	assert_int_equal(d.throttle.total_sent, 6);
	assert_int_equal(d.throttle.burst_sent, 2);
	alerts_destroy(a);
}

/* What was held back is reported when the rates allow it, once, and by the clock of the packets. */
static void test_what_was_held_back_is_reported(void **state)
{
	struct alerts *a = alerts_create(8, NULL);
	struct alert_definition d = definition("REPORTED");
	struct alert alert, all[8];
	int n;

	(void) state;
	d.throttle = (struct throttle){.limit = {2, RATE_MIN}, .burst = {1, RATE_SEC}};
	n = alerts_define(a, &d);
	for (uint64_t who = 1; who <= 2; who++) {
		alert = by(who);
		assert_true(alerts_raise(a, n, &alert, 1000));
	}
	for (int i = 0; i < 5; i++)
		assert_false(alerts_would_raise(a, n, &alert.offender, 1000.5));
	alerts_report_held_back(a, 1001);
	assert_int_equal(alerts_copy(a, 0, all, 8), 2);
	alerts_report_held_back(a, 1002);
	alerts_report_held_back(a, 1003);
	assert_int_equal(alerts_copy(a, 0, all, 8), 3);
	assert_string_equal(all[2].text, "x (and 5 more were held back)");
	assert_int_equal(all[2].held_back, 5);
	assert_int_equal(all[2].number, 3);
	assert_true(all[2].packet_time == 1000.5);
	assert_memory_equal(&all[2].offender, &alert.offender, sizeof(alert.offender));
	assert_false(alerts_would_raise(a, n, &alert.offender, 1004)); /* the limit of a minute */
	alerts_report_held_back(a, 1010);
	assert_int_equal(alerts_copy(a, 0, all, 8), 3);
	alerts_report_held_back(a, 1070);
	assert_int_equal(alerts_copy(a, 0, all, 8), 4);
	assert_string_equal(all[3].text, "x (and 1 more were held back)");
	alerts_destroy(a);
}

/* Addresses made up at random share a count once the limit is reached, until those before them are past. */
static void test_offenders_are_few(void **state)
{
	struct alerts *a = alerts_create(8, NULL);
	struct alert_definition d = definition("RANDOM");
	uint64_t most = limit_of(LIMIT_ALERT_OFFENDERS), hits = limit_hits(LIMIT_ALERT_OFFENDERS), raised = 0;
	struct alert alert;
	int n;

	(void) state;
	d.throttle = (struct throttle){.limit = {2, RATE_MIN}, .burst = {1, RATE_SEC}};
	n = alerts_define(a, &d);
	for (uint64_t who = 1; who <= 10000; who++) {
		alert = by(who);
		raised += alerts_raise(a, n, &alert, 1000 + (double) who / 1000);
	}
	assert_int_equal(raised, most + 2);
	assert_int_equal(limit_hits(LIMIT_ALERT_OFFENDERS) - hits, 10000 - most);
	alert = by(20000);
	assert_true(alerts_raise(a, n, &alert, 2000));
	alerts_destroy(a);
}

static void test_every_row_is_whole(void **state)
{
	struct rate limit, burst;

	(void) state;
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = &rules[i];

		assert_true(r->fn == NULL || (r->text && r->frames));
		assert_true((r->scope == SCOPE_NAME || r->scope == SCOPE_LIST) == (r->judge != NULL));
		if (!r->alert_class)
			continue;
		assert_int_equal(rate_parse(r->limit, &limit), 0);
		assert_int_equal(rate_parse(r->burst, &burst), 0);
		assert_true(burst.unit <= limit.unit);
		assert_true(strlen(r->description) < sizeof(((struct alert_definition *) 0)->description));
		assert_int_equal(r->description[strlen(r->description) - 1], '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_throttle),
		cmocka_unit_test(test_throttle_of_several_days),
		cmocka_unit_test(test_rates_wait_for_their_alert),
		cmocka_unit_test(test_backlog_and_listeners),
		cmocka_unit_test(test_rates_count_by_offender),
		cmocka_unit_test(test_what_was_held_back_is_reported),
		cmocka_unit_test(test_offenders_are_few),
		cmocka_unit_test(test_every_row_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
