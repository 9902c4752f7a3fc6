/* Drones that report what no drone does. */
#include "detect/rules/functions.h"

#include <math.h>

#include "wire/uav/uav.h"

#define METRES_A_DEGREE 111320.0
#define RADIANS 0.017453292519943295
#define FASTEST_MPS 200.0       /* of what is flown with Remote ID */
#define NOISE_M 300.0           /* by which a position may be wrong while satellites are looked for */
#define OPERATOR_FARTHEST_M 1e5 /* farther than any link of one reaches */

static double metres_between(double lat_a, double lon_a, double lat_b, double lon_b)
{
	double north = (lat_a - lat_b) * METRES_A_DEGREE;
	double east = (lon_a - lon_b) * METRES_A_DEGREE * cos(lat_a * RADIANS);

	return sqrt(north * north + east * east);
}

static struct drone_flight *flight_of(struct source_rule_state *s, const struct mac *drone)
{
	struct drone_flight *least = s->flights;

	for (struct drone_flight *p = s->flights; p < s->flights + DRONE_FLIGHTS; p++) {
		if (p->at_us && mac_equal(&p->drone, drone))
			return p;
		if (p->at_us < least->at_us)
			least = p;
	}
	*least = (struct drone_flight){.drone = *drone};
	return least;
}

/* Notes where it is: true when it cannot have flown there. */
static bool jumps(struct drone_flight *p, const struct uav_report *r, uint64_t now_us)
{
	double apart = metres_between(p->lat, p->lon, r->lat, r->lon);
	bool far = p->at_us && now_us >= p->at_us && apart > NOISE_M + FASTEST_MPS * (double) (now_us - p->at_us) / 1e6;

	p->lat = r->lat;
	p->lon = r->lon;
	p->at_us = now_us;
	return far;
}

RULE(drone_impossible)
{
	struct drone_flight *p;
	struct uav_report r;
	bool impossible;

	if (!l->source || (!frame_has(l->f, ELEMENT_REMOTE_ID) && !frame_has(l->f, ELEMENT_DJI_DRONEID)) ||
	    !uav_read(l->f, &r) || !(r.have & UAV_HAS_POSITION))
		return false;
	p = flight_of(l->source, &l->f->source);
	impossible = jumps(p, &r, look_us(l));
	if (r.have & UAV_HAS_OPERATOR)
		impossible |= metres_between(r.lat, r.lon, r.operator_lat, r.operator_lon) > OPERATOR_FARTHEST_M;
	if (!impossible)
		return false;
	(void) rate_window_count(&p->impossible, look_us(l), within_us(l));
	return window_is_over(l, &p->impossible, l->numbers->most, e);
}
