#include "locate/gpsd.h"

#include <math.h>
#include <string.h>

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

/* Time, position, velocity. altMSL is the altitude over the sea since gpsd 3.20, alt before it. */
static int tpv(const struct json_in *o, struct position *ret)
{
	struct position p = {0};
	double mode = 0, value, east, north;

	if (!json_in_real(json_in_get(o, "mode"), &mode) || !(mode >= 2))
		return GPSD_LOST;
	if (!json_in_real(json_in_get(o, "lat"), &p.lat) || !json_in_real(json_in_get(o, "lon"), &p.lon) ||
	    !(fabs(p.lat) <= 90) || !(fabs(p.lon) <= 180))
		return GPSD_LOST;
	p.fix = POSITION_FIX_2D;
	if (mode >= 3 && ANY_OF(o, &value, "altMSL", "alt", "altHAE")) {
		p.fix = POSITION_FIX_3D;
		p.alt_m = (float) value;
	}
	if (ANY_OF(o, &value, "speed"))
		p.speed_kmh = (float) (value * KMH_PER_MS);
	if (ANY_OF(o, &value, "track", "magtrack"))
		p.heading_deg = (float) value;
	if (ANY_OF(o, &east, "epx") && ANY_OF(o, &north, "epy"))
		p.accuracy_m = (float) hypot(east, north);
	else if (ANY_OF(o, &value, "eph"))
		p.accuracy_m = (float) value;
	*ret = p;
	return GPSD_PLACE;
}

static int classify(const struct json_in *o, const char *device, struct position *ret_place)
{
	const char *kind = json_in_text(json_in_get(o, "class"));
	const char *from = json_in_text(json_in_get(o, "device"));

	if (!kind)
		return ERR_MALFORMED;
	if (strcmp(kind, "VERSION") == 0)
		return GPSD_VERSION;
	if (strcmp(kind, "DEVICES") == 0)
		return json_in_count(json_in_get(o, "devices")) ? GPSD_OTHER : GPSD_NO_DEVICE;
	if (strcmp(kind, "TPV") != 0 || (device && (!from || strcmp(from, device) != 0)))
		return GPSD_OTHER;
	return tpv(o, ret_place);
}

int gpsd_read(const char *line, size_t size, const char *device, struct position *ret_place)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *o;
	int r;

	if (size > GPSD_LINE_MAX)
		return ERR_MALFORMED;
	o = json_in_read(line, size, error);
	if (!o)
		return ERR_MALFORMED;
	r = json_in_is_object(o) ? classify(o, device, ret_place) : ERR_MALFORMED;
	json_in_free(o);
	return r;
}
