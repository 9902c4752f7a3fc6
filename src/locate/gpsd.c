#include "locate/gpsd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/json_in.h"

#define KMH_PER_MS 3.6

/* The first of the names that is a finite number. */
static bool any_of(const struct json_in *o, double *ret, const char *const names[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_in_real(json_in_get(o, names[i]), ret) && isfinite(*ret))
			return true;
	return false;
}
#define ANY_OF(o, ret, ...)                                                                                            \
	any_of(o, ret, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Seconds since 1970: a text of ISO 8601 in UTC, before protocol 3.0 a number; 0 when it is neither. */
static uint64_t time_of(const struct json_in *v)
{
	const char *text = json_in_text(v);
	double sec = 0, second = 0;
	struct tm tm = {0};

	if (text && sscanf(text, "%4d-%2d-%2dT%2d:%2d:%lfZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
			   &tm.tm_min, &second) == 6) {
		tm.tm_year -= 1900;
		tm.tm_mon -= 1;
		sec = (double) timegm(&tm) + second;
	} else if (!json_in_real(v, &sec)) {
		return 0;
	}
	return sec > 0 && sec < 1e11 ? (uint64_t) (sec * 1e6) : 0;
}

/* The altitude over the sea: altMSL since gpsd 3.20, alt before it; or that over the ellipsoid less the geoid's. */
static bool altitude(const struct json_in *o, double *ret)
{
	double geoid;

	if (ANY_OF(o, ret, "altMSL", "alt"))
		return true;
	if (!ANY_OF(o, ret, "altHAE"))
		return false;
	if (ANY_OF(o, &geoid, "geoidSep"))
		*ret -= geoid;
	return true;
}

/* What gpsd estimates the error to be, in metres: of the position as a whole, or east and north; 0 when it reports
 * none. */
static float accuracy(const struct json_in *o)
{
	double value = 0, east = 0, north = 0;

	if (!ANY_OF(o, &value, "eph")) {
		(void) ANY_OF(o, &east, "epx");
		(void) ANY_OF(o, &north, "epy");
		value = hypot(east, north);
	}
	return value > 0 && value < 1e7 ? (float) value : 0;
}

/* Time, position, velocity. */
static int tpv(const struct json_in *o, struct gps_fix *ret)
{
	struct position p = {0};
	double mode = 0, value;

	if (!json_in_real(json_in_get(o, "mode"), &mode) || !(mode >= 2))
		return GPSD_LOST;
	if (!json_in_real(json_in_get(o, "lat"), &p.lat) || !json_in_real(json_in_get(o, "lon"), &p.lon) ||
	    !(fabs(p.lat) <= 90) || !(fabs(p.lon) <= 180))
		return GPSD_LOST;
	p.fix = POSITION_FIX_2D;
	if (mode >= 3 && altitude(o, &value)) {
		p.fix = POSITION_FIX_3D;
		p.alt_m = (float) value;
	}
	if (ANY_OF(o, &value, "speed"))
		p.speed_kmh = (float) (value * KMH_PER_MS);
	if (ANY_OF(o, &value, "track", "magtrack"))
		p.heading_deg = (float) value;
	p.accuracy_m = accuracy(o);
	*ret = (struct gps_fix){p, time_of(json_in_get(o, "time"))};
	return GPSD_POSITION;
}

/* A receiver that gpsd closed has the number 0 for the time of its activation. */
static bool is_removed(const struct json_in *o)
{
	double activated;

	return json_in_real(json_in_get(o, "activated"), &activated) && activated == 0;
}

static int classify(const struct json_in *o, struct gpsd_report *ret)
{
	const char *kind = json_in_text(json_in_get(o, "class"));
	bool is_device = kind && strcmp(kind, "DEVICE") == 0;
	const char *device = json_in_text(json_in_get(o, is_device ? "path" : "device"));

	if (!kind)
		return ERR_MALFORMED;
	(void) snprintf(ret->device, sizeof(ret->device), "%s", device ? device : "");
	if (strcmp(kind, "VERSION") == 0)
		return GPSD_VERSION;
	if (strcmp(kind, "DEVICES") == 0)
		return json_in_count(json_in_get(o, "devices")) ? GPSD_OTHER : GPSD_NO_DEVICE;
	if (is_device)
		return is_removed(o) ? GPSD_REMOVED : GPSD_OTHER;
	return strcmp(kind, "TPV") == 0 ? tpv(o, &ret->fix) : GPSD_OTHER;
}

int gpsd_read(const char *line, size_t size, struct gpsd_report *ret)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *o;
	int r;

	*ret = (struct gpsd_report){0};
	if (size > GPSD_LINE_MAX)
		return ERR_MALFORMED;
	o = json_in_read(line, size, error);
	if (!o)
		return ERR_MALFORMED;
	r = json_in_is_object(o) ? classify(o, ret) : ERR_MALFORMED;
	json_in_free(o);
	return r;
}
