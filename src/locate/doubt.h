/* Whether a position that a receiver reports can be believed: 0/0 is what receivers without a fix report, a date before
 * there was this program comes from a receiver that counts its weeks wrongly (GPS weeks roll over every 1024,
 * IS-GPS-200 20.3.3.3.1.1), and no receiver works above a certain speed. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/position.h"

#define GPS_SPEED_MOST_KMH 1852 /* a thousand knots, above which receivers fall silent; airliners stay below 1300 */
#define GPS_MEASURE_SEC                                                                                                \
	10 /* the next position is compared with one of at most this age; after that it is a new start */
#define GPS_DOUBT_SIZE 96
#define GPS_ZERO_WORDS "it is 0/0, which receivers without a fix report"

enum gps_doubt { GPS_BELIEVED, GPS_DOUBT_ZERO, GPS_DOUBT_DATE, GPS_DOUBT_SPEED };

struct gps_fix {
	struct position position;
	uint64_t utc_us; /* the receiver's own time; 0: it reports none */
};

/* What the next position of a receiver is compared with; all zero at the start, and when it reports that it has none.
 */
struct gps_judge {
	struct gps_fix believed, doubted; /* the latest; doubted for its speed alone */
	uint64_t believed_us, doubted_us; /* monotonic: when they came; 0: none */
};

/* Judges a position that came at monotonic time now_us; why, in words, unless it is believed. A receiver that stays at
 * a position that it jumped to is believed when it has stayed there for GPS_MEASURE_SEC. */
enum gps_doubt gps_judge(struct gps_judge *j, const struct gps_fix *fix, uint64_t now_us, char ret_why[GPS_DOUBT_SIZE]);
