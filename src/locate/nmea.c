#include "locate/nmea.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"

#define KMH_PER_KNOT 1.852
#define RANGE_ERROR_M 5.0 /* usual error of a pseudorange: HDOP times this is the standard deviation */
#define TWO_SIGMA 2.0
#define MODE_NONE 'N' /* of the mode indicator, since NMEA 2.3: the data are not valid */

struct sentence {
	char text[NMEA_LINE_MAX + 1];
	const char *field[NMEA_FIELDS_MAX];
	unsigned n;
};

/* NMEA 0183, 5.3: '$', fields, '*' and the exclusive or of what stands between, in hexadecimal. */
static int split(struct sentence *s, const char *line, size_t size)
{
	unsigned char sum = 0;
	char *end, *star;

	while (size && (line[size - 1] == '\r' || line[size - 1] == '\n'))
		size--;
	if (size < 7 || size > NMEA_LINE_MAX || line[0] != '$' || memchr(line, '\0', size))
		return ERR_MALFORMED;
	memcpy(s->text, line + 1, size - 1);
	s->text[size - 1] = '\0';
	star = strchr(s->text, '*');
	if (!star)
		return ERR_MALFORMED;
	for (const char *p = s->text; p < star; p++)
		sum ^= (unsigned char) *p;
	if (strlen(star) != 3 || strtoul(star + 1, &end, 16) != sum || *end)
		return ERR_MALFORMED;
	*star = '\0';
	for (char *p = s->text; p; s->n++) {
		if (s->n == NMEA_FIELDS_MAX)
			return ERR_MALFORMED;
		s->field[s->n] = p;
		p = strchr(p, ',');
		if (p)
			*p++ = '\0';
	}
	return 0;
}

static const char *field(const struct sentence *s, unsigned i)
{
	return i < s->n ? s->field[i] : "";
}

/* A plain decimal number as receivers write it; NAN when the field is empty or something else. */
static double number(const char *text)
{
	bool minus = *text == '-';
	const char *digits = text + minus;
	size_t n = strspn(digits, "0123456789.");

	if (!n || digits[n] || n > 15)
		return NAN;
	return (minus ? -1 : 1) * strtod(digits, NULL);
}

/* "ddmm.mmmm" and a hemisphere; NAN when they are none. */
static double degrees(const char *text, const char *half, char positive, char negative, double limit)
{
	double value = number(text), whole = floor(value / 100), minutes = value - whole * 100, d;

	if (!isfinite(value) || value < 0 || minutes >= 60 || (*half != positive && *half != negative))
		return NAN;
	d = whole + minutes / 60;
	return d > limit ? NAN : *half == negative ? -d : d;
}

static bool take_position(struct nmea *n, const struct sentence *s, unsigned at)
{
	double lat = degrees(field(s, at), field(s, at + 1), 'N', 'S', 90);
	double lon = degrees(field(s, at + 2), field(s, at + 3), 'E', 'W', 180);

	if (!isfinite(lat) || !isfinite(lon))
		return false;
	n->position.lat = lat;
	n->position.lon = lon;
	return true;
}

/* "hhmmss.ss" of the day of the latest date. */
static void take_time(struct nmea *n, const char *text)
{
	double value = number(text), hours = floor(value / 10000), minutes = floor(fmod(value / 100, 100));

	n->utc_us = 0;
	if (n->day > 0 && value >= 0 && value < 240000)
		n->utc_us =
			(uint64_t) ((double) n->day * 86400e6 + (hours * 3600 + minutes * 60 + fmod(value, 100)) * 1e6);
}

static void take_date(struct nmea *n, int day, int month, int year)
{
	struct tm tm = {.tm_mday = day, .tm_mon = month - 1, .tm_year = year - 1900};

	n->day = day >= 1 && day <= 31 && month >= 1 && month <= 12 ? timegm(&tm) / 86400 : 0;
}

/* "ddmmyy": receivers whose weeks rolled over send years from 1980 on. */
static void take_short_date(struct nmea *n, const char *text)
{
	double value = number(text);
	int date = value >= 0 && value <= 311299 ? (int) value : 0, year = date % 100;

	take_date(n, date / 10000, date / 100 % 100, year + (year < 80 ? 2000 : 1900));
}

static int lost(struct nmea *n)
{
	n->position.fix = POSITION_FIX_NONE;
	return NMEA_LOST;
}

/* Global positioning system fix data: time, position, quality, satellites, HDOP, altitude. */
static int gga(struct nmea *n, const struct sentence *s)
{
	double alt = number(field(s, 9)), hdop = number(field(s, 8)), satellites = number(field(s, 7));

	if (s->n < 10)
		return ERR_MALFORMED;
	if (*field(s, 6) == '0' || !*field(s, 6))
		return lost(n);
	if (!take_position(n, s, 2))
		return ERR_MALFORMED;
	take_time(n, field(s, 1));
	if (isfinite(satellites) && satellites >= 0 && satellites < 1000)
		n->satellites = (unsigned) satellites;
	if (isfinite(alt)) {
		n->position.alt_m = (float) alt;
		n->position.fix = POSITION_FIX_3D;
	} else {
		n->position.alt_m = 0;
		n->position.fix = POSITION_FIX_2D;
	}
	if (isfinite(hdop) && hdop > 0 && hdop < 99 && !n->reported_accuracy)
		n->position.accuracy_m = (float) (hdop * RANGE_ERROR_M * TWO_SIGMA);
	return NMEA_POSITION;
}

/* Recommended minimum: time, status, position, speed in knots, course. */
static int rmc(struct nmea *n, const struct sentence *s)
{
	double speed = number(field(s, 7)), course = number(field(s, 8));

	if (s->n < 9)
		return ERR_MALFORMED;
	n->day = 0;
	if (*field(s, 2) != 'A' || *field(s, 12) == MODE_NONE)
		return lost(n);
	if (!take_position(n, s, 3))
		return ERR_MALFORMED;
	take_short_date(n, field(s, 9));
	take_time(n, field(s, 1));
	if (isfinite(speed))
		n->position.speed_kmh = (float) (speed * KMH_PER_KNOT);
	if (isfinite(course))
		n->position.heading_deg = (float) course;
	if (n->position.fix < POSITION_FIX_2D)
		n->position.fix = POSITION_FIX_2D;
	return NMEA_POSITION;
}

/* Geographic position: position, time, status. */
static int gll(struct nmea *n, const struct sentence *s)
{
	if (s->n < 7)
		return ERR_MALFORMED;
	if (*field(s, 6) != 'A' || *field(s, 7) == MODE_NONE)
		return lost(n);
	if (!take_position(n, s, 1))
		return ERR_MALFORMED;
	take_time(n, field(s, 5));
	if (n->position.fix < POSITION_FIX_2D)
		n->position.fix = POSITION_FIX_2D;
	return NMEA_POSITION;
}

/* Course and speed over ground; the seventh field is kilometres an hour. */
static int vtg(struct nmea *n, const struct sentence *s)
{
	double course = number(field(s, 1)), kmh = number(field(s, 7));

	if (isfinite(course))
		n->position.heading_deg = (float) course;
	if (isfinite(kmh))
		n->position.speed_kmh = (float) kmh;
	return NMEA_OTHER;
}

/* Satellites in use: the second field is 1 without a position, 2 or 3 dimensions with one. */
static int gsa(struct nmea *n, const struct sentence *s)
{
	char mode = *field(s, 2);

	if (mode == '1')
		return lost(n);
	if (mode == '2' && n->position.fix == POSITION_FIX_3D) {
		n->position.fix = POSITION_FIX_2D;
		n->position.alt_m = 0;
	}
	return NMEA_OTHER;
}

/* Time and date: day, month and year in fields of their own. */
static int zda(struct nmea *n, const struct sentence *s)
{
	double day = number(field(s, 2)), month = number(field(s, 3)), year = number(field(s, 4));

	if (day >= 1 && month >= 1 && year >= 1980 && year < 10000 && day <= 31 && month <= 12)
		take_date(n, (int) day, (int) month, (int) year);
	return NMEA_OTHER;
}

/* Pseudorange error statistics: standard deviations of latitude and longitude in metres. */
static int gst(struct nmea *n, const struct sentence *s)
{
	double lat = number(field(s, 6)), lon = number(field(s, 7));

	if (!isfinite(lat) || !isfinite(lon) || lat < 0 || lon < 0)
		return NMEA_OTHER;
	n->reported_accuracy = true;
	n->position.accuracy_m = (float) (TWO_SIGMA * hypot(lat, lon));
	return NMEA_OTHER;
}

static const struct {
	char name[4];
	int (*read)(struct nmea *n, const struct sentence *s);
} sentences[] = {
	{"GGA", gga}, {"RMC", rmc}, {"GLL", gll}, {"VTG", vtg}, {"GSA", gsa}, {"GST", gst}, {"ZDA", zda},
};

int nmea_read(struct nmea *n, const char *line, size_t size)
{
	struct sentence s = {0};
	struct nmea next = *n;
	int r = split(&s, line, size);

	if (r < 0)
		return r;
	if (strlen(s.field[0]) != 5) /* two letters name the system, or it is a maker's own */
		return NMEA_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++)
		if (strcmp(s.field[0] + 2, sentences[i].name) == 0) {
			r = sentences[i].read(&next, &s);
			if (r >= 0)
				*n = next;
			return r;
		}
	return NMEA_OTHER;
}
