#include "locate/doubt.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#define EARTH_M 6371009.0
#define KMH_PER_MS 3.6
#define DT_LEAST_SEC 1.0       /* positions of the same second may be as far apart as those a second apart */
#define ACCURACY_MOST_M 1000.0 /* that is allowed for */
#define LEAST_US (POSITION_SEC_LEAST * UINT64_C(1000000))

static double radians(double degrees)
{
	return degrees * (M_PI / 180);
}

/* Along the great circle (haversine). */
static double metres(const struct position *a, const struct position *b)
{
	double lat = sin(radians(b->lat - a->lat) / 2), lon = sin(radians(b->lon - a->lon) / 2);
	double h = lat * lat + cos(radians(a->lat)) * cos(radians(b->lat)) * lon * lon;

	return 2 * EARTH_M * asin(sqrt(fmin(h, 1)));
}

/* By the receiver's clock or by ours, whichever says more: a recorded receiver may be replayed faster. */
static double seconds_between(const struct gps_fix *a, uint64_t a_us, const struct gps_fix *b, uint64_t b_us)
{
	double sec = fmax((double) (b_us - a_us) / 1e6, DT_LEAST_SEC);

	if (a->utc_us && b->utc_us > a->utc_us)
		sec = fmax(sec, (double) (b->utc_us - a->utc_us) / 1e6);
	return sec;
}

/* Kilometres an hour from a to b, beyond what their accuracies explain. */
static double speed_kmh(const struct gps_fix *a, uint64_t a_us, const struct gps_fix *b, uint64_t b_us)
{
	double slack = fmin((double) a->position.accuracy_m, ACCURACY_MOST_M) +
		       fmin((double) b->position.accuracy_m, ACCURACY_MOST_M);

	return fmax(metres(&a->position, &b->position) - slack, 0) / seconds_between(a, a_us, b, b_us) * KMH_PER_MS;
}

static bool is_recent(uint64_t us, uint64_t now_us)
{
	return us && now_us - us < GPS_MEASURE_SEC * UINT64_C(1000000);
}

static enum gps_doubt look_at_date(const struct gps_fix *f, char why[GPS_DOUBT_SIZE])
{
	time_t sec = (time_t) (f->utc_us / 1000000);
	struct tm tm;

	if (!f->utc_us || f->utc_us >= LEAST_US || !gmtime_r(&sec, &tm))
		return GPS_BELIEVED;
	(void) snprintf(why, GPS_DOUBT_SIZE, "its date is %04d-%02d-%02d: the receiver counts its weeks wrongly",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	return GPS_DOUBT_DATE;
}

static enum gps_doubt look_at_speed(struct gps_judge *j, const struct gps_fix *f, uint64_t now_us,
				    char why[GPS_DOUBT_SIZE])
{
	double kmh = (double) f->position.speed_kmh;

	if (is_recent(j->believed_us, now_us))
		kmh = fmax(kmh, speed_kmh(&j->believed, j->believed_us, f, now_us));
	else if (is_recent(j->doubted_us, now_us))
		kmh = fmax(kmh, speed_kmh(&j->doubted, j->doubted_us, f, now_us));
	if (!(kmh > GPS_SPEED_MOST_KMH))
		return GPS_BELIEVED;
	(void) snprintf(why, GPS_DOUBT_SIZE, "it would have moved at %.0f km/h since the one before", kmh);
	j->doubted = *f;
	j->doubted_us = now_us;
	return GPS_DOUBT_SPEED;
}

enum gps_doubt gps_judge(struct gps_judge *j, const struct gps_fix *fix, uint64_t now_us, char ret_why[GPS_DOUBT_SIZE])
{
	enum gps_doubt doubt;

	*ret_why = '\0';
	if (position_is_zero(&fix->position)) {
		(void) snprintf(ret_why, GPS_DOUBT_SIZE, "%s", GPS_ZERO_WORDS);
		return GPS_DOUBT_ZERO;
	}
	doubt = look_at_date(fix, ret_why);
	if (doubt == GPS_BELIEVED)
		doubt = look_at_speed(j, fix, now_us, ret_why);
	if (doubt != GPS_BELIEVED)
		return doubt;
	j->believed = *fix;
	j->believed_us = now_us;
	j->doubted_us = 0;
	return GPS_BELIEVED;
}
