#include "field/position.h"

#include <math.h>

#include "field/load.h"

static const struct field real_elem = FIELD_ELEM_KIND(FIELD_REAL);

static struct field_items point_of(const void *obj, struct field_ctx *ctx)
{
	const struct position *p = obj;
	double pair[2] = {p->lon, p->lat};

	return (struct field_items){arena_copy(ctx->arena, pair, sizeof(pair)), 2};
}

static uint64_t position_sec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct position *) obj)->time_us / 1000000;
}

static uint64_t position_usec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct position *) obj)->time_us % 1000000;
}

static bool set_point(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	struct position *p = obj;
	double lon, lat;

	(void) row;
	(void) l;
	if (!json_in_real(json_in_at(v, 0), &lon) || !json_in_real(json_in_at(v, 1), &lat) || !(fabs(lat) <= 90) ||
	    !(fabs(lon) <= 180))
		return false;
	p->lat = lat;
	p->lon = lon;
	return true;
}

static bool set_sec(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_sec(v, &((struct position *) obj)->time_us);
}

static bool set_usec(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_usec(v, &((struct position *) obj)->time_us);
}

static const struct field position_rows[] = {
	FIELD_CALL_LIST("kismet.common.location.geopoint", point_of, sizeof(double), &real_elem,
			"Longitude and latitude in degrees.", .type = "pair[double, double]", .set = set_point),
	FIELD(struct position, "kismet.common.location.alt", alt_m, "Altitude in metres."),
	FIELD(struct position, "kismet.common.location.fix", fix, "Quality: 0 or 1 none, 2 without, 3 with altitude."),
	FIELD_CALL_U64("kismet.common.location.time_sec", position_sec, "Second of the fix.", .set = set_sec),
	FIELD_CALL_U64("kismet.common.location.time_usec", position_usec, "Microsecond of the fix.", .set = set_usec),
	FIELD(struct position, "kismet.common.location.speed", speed_kmh, "Speed in kilometres an hour."),
	FIELD(struct position, "kismet.common.location.heading", heading_deg, "Heading in degrees from true north."),
	FIELD(struct position, "norn.common.location.accuracy", accuracy_m,
	      "Metres that the position is within, about 95 % of the time; 0 is unknown."),
};
struct field_table position_table = FIELD_TABLE(struct position, "location full", position_rows);
