#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "deliver/receiver.h"
#include "deliver/syslog.h"

static void test_line(void **state)
{
	struct alert a = {.name = "DEAUTH FLOOD",
			  .alert_class = "DENIAL",
			  .text = "a \"b\"\nc]",
			  .channel = "6",
			  .severity = SEVERITY_MEDIUM,
			  .hash = 7,
			  .freq_khz = 2437000,
			  .time = 1700000000.25,
			  .packet_time = 1600000000.5,
			  .frames = 11,
			  .source = {{0, 1, 2, 3, 4, 5}}};
	struct buf b = {0};
	char want[512];

	(void) state;
	(void) snprintf(a.channel, sizeof(a.channel), "6\"]\\");
	syslog_format(&a, 16, "a host", &b);
	(void) snprintf(want, sizeof(want),
			"<132>1 2023-11-14T22:13:20.250000Z a_host norn %d DEAUTH_FLOOD [norn@32473 "
			"class=\"DENIAL\" severity=\"10\" id=\"7\" source=\"00:01:02:03:04:05\" "
			"channel=\"6\\\"\\]\\\\\" frequency=\"2437000\" frames=\"11\" "
			"packet_time=\"1600000000.500000\"] a \"b\" c]",
			(int) getpid());
	assert_string_equal(buf_text(&b), want);
	buf_finish(&b);
}

static void test_words_are_never_empty(void **state)
{
	struct alert a = {.alert_class = "SYSTEM", .severity = SEVERITY_CRITICAL};
	struct buf b = {0};

	(void) state;
	syslog_format(&a, 0, "", &b);
	assert_non_null(strstr(buf_text(&b), "<2>1 1970-01-01T00:00:00.000000Z - norn "));
	assert_non_null(strstr(buf_text(&b), " - [norn@32473 class=\"SYSTEM\""));
	buf_finish(&b);
}

static void test_targets(void **state)
{
	static const char *const good[] = {"udp:h:514", "tcp:[::1]:6514", "unix:/dev/log"};
	static const char *const bad[] = {"", "udp", "udp:h", "udp:h:", "udp::1", "unix:log", "ftp:h:1", "tcp:[]:1"};
	struct delivery_conf conf = {0};
	char error[ERROR_SIZE];

	(void) state;
	option_table_default(&delivery_options, &conf);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		void *r = syslog_kind.create(&conf, good[i], error);

		assert_non_null(r);
		syslog_kind.destroy(r);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(syslog_kind.create(&conf, bad[i], error));
}

static void test_urls_keep_their_secrets(void **state)
{
	static const char *const urls[][2] = {{"https://h.example/a?b", "https://h.example"},
					      {"https://u:p@h:1/x@y", "https://...@h:1"},
					      {"secret", "..."}};
	char shown[64];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		webhook_kind.show(urls[i][0], shown, sizeof(shown));
		assert_string_equal(shown, urls[i][1]);
	}
}

static void test_only_this_machine_in_clear(void **state)
{
	static const char *const bad[] = {"http://192.0.2.1/",
					  "http://localhost.example/",
					  "ftp://127.0.0.1/",
					  "https://",
					  "http://127.evil.example/",
					  "http://127.0.0.1@evil.example/",
					  "http://127.0.0.1:80@evil.example/",
					  "http://[::1]@evil.example/"};
	struct delivery_conf conf = {0};
	char error[ERROR_SIZE];
	void *r;

	(void) state;
	option_table_default(&delivery_options, &conf);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(webhook_kind.create(&conf, bad[i], error));
	r = webhook_kind.create(&conf, "http://127.0.0.1:1/", error);
	assert_non_null(r);
	webhook_kind.destroy(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_words_are_never_empty),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_urls_keep_their_secrets),
		cmocka_unit_test(test_only_this_machine_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
