/* Whether a place that a receiver tells can be believed: one at 0/0 is what receivers say that have none, one with a
 * date of before there was this program comes from a receiver that counts its weeks wrongly (GPS weeks roll over every
 * 1024, IS-GPS-200 20.3.3.3.1.1), and nobody is faster than receivers may be used. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/position.h"

#define GPS_SPEED_MOST_KMH 1852 /* a thousand knots, above which receivers fall silent; airliners stay below 1300 */
#define GPS_MEASURE_SEC 10      /* so long a place is what the next is measured by: after that it is a new start */
#define GPS_DOUBT_SIZE 96
#define GPS_ZERO_WORDS "it is 0/0, which is what receivers without a place say"

enum gps_doubt { GPS_BELIEVED, GPS_DOUBT_ZERO, GPS_DOUBT_DATE, GPS_DOUBT_SPEED };

struct gps_fix {
	struct position position;
	uint64_t utc_us; /* the receiver's own time; 0: it tells none */
};

/* What the next place of a receiver is measured by; all zero at the start, and when it says that it has none. */
struct gps_judge {
	struct gps_fix believed, doubted; /* the latest; doubted for its speed alone */
	uint64_t believed_us, doubted_us; /* monotonic: when they came; 0: none */
};

/* Judges a place that came at monotonic time now_us; why, in words, unless it is believed. A receiver that stays at a
 * place it jumped to is believed when it has stayed there for GPS_MEASURE_SEC. */
enum gps_doubt gps_judge(struct gps_judge *j, const struct gps_fix *fix, uint64_t now_us, char ret_why[GPS_DOUBT_SIZE]);
