#include "detect/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"

#define STEP_BACK_SEC 3600

int rate_parse(const char *text, struct rate *ret_rate)
{
	static const struct {
		const char *name;
		enum rate_unit unit;
	} units[] = {{"sec", RATE_SEC},	 {"second", RATE_SEC}, {"min", RATE_MIN}, {"minute", RATE_MIN},
		     {"hr", RATE_HOUR},	 {"hour", RATE_HOUR},  {"day", RATE_DAY}};
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

double rate_unit_sec(uint64_t unit)
{
	static const double seconds[] = {1, 60, 3600, 86400};

	return seconds[unit < ARRAY_SIZE(seconds) ? unit : RATE_DAY];
}

bool throttle_take(struct throttle *t, double now)
{
	double gap = now - t->last;

	if (t->limit.count == 0 || t->burst.count == 0)
		return false;
	if (t->last == 0 || gap > rate_unit_sec(t->limit.unit) || gap < -STEP_BACK_SEC)
		t->total_sent = t->burst_sent = 0;
	else if (gap > rate_unit_sec(t->burst.unit))
		t->burst_sent = 0;
	if (t->burst_sent >= t->burst.count || t->total_sent >= t->limit.count)
		return false;
	t->burst_sent++;
	t->total_sent++;
	t->last = now;
	return true;
}
