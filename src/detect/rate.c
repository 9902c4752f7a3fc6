#include "detect/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"

int rate_parse(const char *text, struct rate *ret_rate)
{
	static const struct {
		const char *name;
		enum rate_unit unit;
	} units[] = {{"sec", RATE_SEC}, {"second", RATE_SEC}, {"min", RATE_MIN}, {"minute", RATE_MIN},
		     {"hr", RATE_HOUR}, {"hour", RATE_HOUR},  {"day", RATE_DAY}};
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (end == text || errno || *text == '-')
		return ERR_MALFORMED;
	*ret_rate = (struct rate){n, RATE_MIN};
	if (*end == '\0')
		return 0;
	for (size_t i = 0; *end == '/' && i < ARRAY_SIZE(units); i++) {
		if (strcasecmp(end + 1, units[i].name) != 0)
			continue;
		ret_rate->unit = units[i].unit;
		return 0;
	}
	return ERR_MALFORMED;
}

static double rate_unit_sec(uint64_t unit)
{
	static const double seconds[] = {1, 60, 3600, 86400};

	return seconds[unit < ARRAY_SIZE(seconds) ? unit : RATE_DAY];
}

static bool is_near(double a, double b)
{
	return a - b < THROTTLE_ERA_SEC && b - a < THROTTLE_ERA_SEC;
}

/* Puts the present count behind the others, and replaces it by that of `now`. */
static void change_era(struct throttle *t, double now)
{
	struct throttle_era present = {t->total_sent, t->burst_sent, t->last}, found = {0};
	size_t i = 0;

	while (i < THROTTLE_ERAS - 1 && !(t->others[i].last != 0 && is_near(t->others[i].last, now)))
		i++;
	if (i < THROTTLE_ERAS - 1)
		found = t->others[i];
	else if (now > t->last)
		found = present; /* perhaps time went on */
	if (i == THROTTLE_ERAS - 1)
		i--; /* the oldest is dropped */
	memmove(&t->others[1], &t->others[0], i * sizeof(t->others[0]));
	t->others[0] = present;
	t->total_sent = found.total_sent;
	t->burst_sent = found.burst_sent;
	t->last = found.last;
}

/* Drops counts older than the rates' times. */
static void begin_anew(struct throttle *t, double now)
{
	double gap;

	if (t->last != 0 && !is_near(now, t->last))
		change_era(t, now);
	gap = now - t->last;
	if (t->last == 0 || gap > rate_unit_sec(t->limit.unit))
		t->total_sent = t->burst_sent = 0;
	else if (gap > rate_unit_sec(t->burst.unit))
		t->burst_sent = 0;
}

static void count(struct throttle *t, double now)
{
	t->burst_sent++;
	t->total_sent++;
	t->last = now;
}

bool throttle_take(struct throttle *t, double now)
{
	if (t->limit.count == 0 || t->burst.count == 0)
		return false;
	begin_anew(t, now);
	if (t->burst_sent >= t->burst.count || t->total_sent >= t->limit.count)
		return false;
	count(t, now);
	return true;
}

void throttle_count(struct throttle *t, double now)
{
	begin_anew(t, now);
	count(t, now);
}

bool throttle_is_over(const struct throttle *t, double now)
{
	double gap = now > t->last ? now - t->last : t->last - now;

	return gap > rate_unit_sec(t->limit.unit);
}
