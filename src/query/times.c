#include "query/times.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

#define DAY_SEC 86400.0
#define EPOCH_LEAST 100000000 /* a lesser number is no second since 1970 but lacks a unit */

static const struct {
	char letter;
	double sec;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY_SEC}, {'w', 7 * DAY_SEC}};

bool query_duration_read(const char *text, double *ret_sec)
{
	double sum = 0;

	if (!*text)
		return false;
	while (*text) {
		char *end;
		double n = *text >= '0' && *text <= '9' ? strtod(text, &end) : -1;
		size_t i = 0;

		if (!(n >= 0 && n < 1e12))
			return false;
		while (i < ARRAY_SIZE(units) && units[i].letter != *end)
			i++;
		if (i == ARRAY_SIZE(units))
			return false;
		sum += n * units[i].sec;
		text = end + 1;
	}
	*ret_sec = sum;
	return true;
}

/* The second of that day and time, in the server's zone or by an offset of minutes east. */
static bool moment(struct tm *tm, bool zone, int east_min, double *ret_sec)
{
	time_t t;

	tm->tm_isdst = -1;
	t = zone ? timegm(tm) - (time_t) east_min * 60 : mktime(tm);
	*ret_sec = (double) t;
	return tm->tm_mday >= 1 && t != (time_t) -1;
}

/* "Z", "+01:00" or nothing. */
static bool read_zone(const char *s, bool *ret_zone, int *ret_east_min)
{
	int hours, minutes, n = 0;

	*ret_zone = *s;
	*ret_east_min = 0;
	if (!*s || strcmp(s, "Z") == 0 || strcmp(s, "z") == 0)
		return true;
	if ((*s != '+' && *s != '-') || sscanf(s + 1, "%2d:%2d%n", &hours, &minutes, &n) != 2 || s[1 + n] ||
	    hours > 14 || minutes > 59 || hours < 0 || minutes < 0)
		return false;
	*ret_east_min = (*s == '-' ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

/* "03:00" or "03:00:30" behind a day, which tm has; what stands behind it is its zone. */
static bool read_clock(const char *s, struct tm *tm, struct query_time *ret)
{
	int n = 0, seconds = 0;
	bool zone, whole;
	int east;

	if (sscanf(s, "%2d:%2d%n", &tm->tm_hour, &tm->tm_min, &n) != 2)
		return false;
	s += n;
	whole = *s == ':';
	if (whole) {
		n = 0;
		if (sscanf(s, ":%2d%n", &seconds, &n) != 1)
			return false;
		s += n;
	}
	if (tm->tm_hour > 23 || tm->tm_min > 59 || seconds > 60 || tm->tm_hour < 0 || tm->tm_min < 0 || seconds < 0)
		return false;
	tm->tm_sec = seconds;
	if (!read_zone(s, &zone, &east) || !moment(tm, zone, east, &ret->from))
		return false;
	ret->until = ret->from + (whole ? 1 : 60);
	return true;
}

static bool read_day(const char *s, struct query_time *ret)
{
	struct tm tm = {0}, next;
	int n = 0;

	if (sscanf(s, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n) != 3 || tm.tm_year < 1970 ||
	    tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	s += n;
	if (*s == 'T' || *s == 't' || *s == ' ')
		return read_clock(s + 1, &tm, ret);
	next = tm;
	next.tm_mday++;
	return !*s && moment(&tm, false, 0, &ret->from) && moment(&next, false, 0, &ret->until);
}

static bool day_of(uint64_t now_sec, int days, struct tm *ret)
{
	time_t now = (time_t) now_sec;

	if (!localtime_r(&now, ret))
		return false;
	ret->tm_hour = ret->tm_min = ret->tm_sec = 0;
	ret->tm_mday += days;
	return true;
}

/* now, today and yesterday. */
static bool read_word(const char *s, uint64_t now_sec, struct query_time *ret)
{
	struct tm from, until;
	int days = strcmp(s, "yesterday") == 0 ? -1 : 0;

	if (strcmp(s, "now") == 0) {
		ret->from = (double) now_sec;
		ret->until = ret->from + 1;
		return true;
	}
	if (days == 0 && strcmp(s, "today") != 0)
		return false;
	return day_of(now_sec, days, &from) && day_of(now_sec, days + 1, &until) && mktime(&from) != (time_t) -1 &&
	       (ret->from = (double) mktime(&from), true) && (ret->until = (double) mktime(&until), true);
}

bool query_time_read(const char *text, uint64_t now_sec, struct query_time *ret_time)
{
	struct tm today;
	char *end;
	double n;

	*ret_time = (struct query_time){0};
	if (query_duration_read(text, &ret_time->from)) {
		ret_time->age = true;
		return true;
	}
	if (read_day(text, ret_time) || read_word(text, now_sec, ret_time))
		return true;
	if (strchr(text, ':'))
		return day_of(now_sec, 0, &today) && read_clock(text, &today, ret_time);
	n = *text >= '0' && *text <= '9' ? strtod(text, &end) : -1;
	if (!(n >= EPOCH_LEAST && n < 1e15) || *end)
		return false;
	ret_time->from = n;
	ret_time->until = n == floor(n) ? n + 1 : nextafter(n, INFINITY);
	return true;
}
