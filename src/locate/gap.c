#include "locate/gap.h"

struct position gps_gap_position(const struct gps_gap *g, uint64_t time_us)
{
	struct position p = g->after;
	double lon, part;

	p.time_us = time_us;
	if (g->before.fix < POSITION_FIX_2D || time_us >= g->to_us || g->to_us <= g->from_us)
		return p;
	part = time_us <= g->from_us ? 0 : (double) (time_us - g->from_us) / (double) (g->to_us - g->from_us);
	lon = g->after.lon - g->before.lon;
	if (lon > 180)
		lon -= 360;
	if (lon < -180)
		lon += 360;
	p.lat = g->before.lat + part * (g->after.lat - g->before.lat);
	p.lon = g->before.lon + part * lon;
	p.lon = p.lon > 180 ? p.lon - 360 : p.lon < -180 ? p.lon + 360 : p.lon;
	if (g->before.fix < p.fix)
		p.fix = g->before.fix;
	if (p.fix >= POSITION_FIX_3D)
		p.alt_m = g->before.alt_m + (float) part * (g->after.alt_m - g->before.alt_m);
	p.accuracy_m = 0;
	return p;
}
