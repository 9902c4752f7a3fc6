#include "wire/adsb/adsb.h"

#include <math.h>
#include <string.h>

/* ICAO Annex 10 volume IV 3.1.2.3.3: the last three octets are those before them, divided. */
static uint32_t parity(const uint8_t *p, size_t n)
{
	uint32_t rest = 0;

	for (size_t i = 0; i < n; i++) {
		rest ^= (uint32_t) p[i] << 16;
		for (unsigned bit = 0; bit < 8; bit++) {
			rest <<= 1;
			if (rest & 0x1000000)
				rest ^= 0x1fff409;
		}
	}
	return rest;
}

static void take_callsign(struct adsb_frame *f, const uint8_t *me)
{
	static const char letters[] = "?ABCDEFGHIJKLMNOPQRSTUVWXYZ????? ???????????????0123456789??????";
	uint64_t bits = 0;
	size_t n = 8;

	for (size_t i = 1; i < 7; i++)
		bits = bits << 8 | me[i];
	for (size_t i = 0; i < 8; i++)
		f->callsign[i] = letters[bits >> (42 - 6 * i) & 63];
	while (n && f->callsign[n - 1] == ' ')
		n--;
	f->callsign[n] = '\0';
	f->category = (uint8_t) (f->type_code << 4 | (me[0] & 7));
	if (n && !strchr(f->callsign, '?'))
		f->have |= ADSB_HAS_CALLSIGN;
}

static void take_position(struct adsb_frame *f, const uint8_t *me)
{
	uint32_t code = (uint32_t) me[1] << 4 | me[2] >> 4;

	f->odd = me[2] & 4;
	f->lat = (uint32_t) (me[2] & 3) << 15 | (uint32_t) me[3] << 7 | me[4] >> 1;
	f->lon = (uint32_t) (me[4] & 1) << 16 | (uint32_t) me[5] << 8 | me[6];
	f->surface = f->type_code < 9;
	f->have |= ADSB_HAS_POSITION;
	if (!f->surface && f->type_code < 19 && (code & 0x10)) { /* in steps of 25 feet */
		f->altitude_ft = (int32_t) ((code & 0xfe0) >> 1 | (code & 15)) * 25 - 1000;
		f->have |= ADSB_HAS_ALTITUDE;
	}
}

/* Over ground by its parts to the east and the north, or in the air by the heading. */
static void take_velocity(struct adsb_frame *f, const uint8_t *me)
{
	unsigned kind = me[0] & 7, climb = (unsigned) (me[4] & 7) << 6 | me[5] >> 2;
	unsigned first = (unsigned) (me[1] & 3) << 8 | me[2], second = (unsigned) (me[3] & 0x7f) << 3 | me[4] >> 5;
	double scale = kind == 2 || kind == 4 ? 4 : 1;

	if (kind < 1 || kind > 4)
		return;
	if (climb) {
		f->climb_fpm = (int32_t) (climb - 1) * (me[4] & 8 ? -64 : 64);
		f->have |= ADSB_HAS_CLIMB;
	}
	f->air_speed = kind > 2;
	if (!f->air_speed && first && second) {
		double east = (me[1] & 4 ? -1.0 : 1.0) * scale * (first - 1);
		double north = (me[3] & 0x80 ? -1.0 : 1.0) * scale * (second - 1);

		f->speed_kt = hypot(east, north);
		f->heading_deg = fmod(atan2(east, north) * (180 / M_PI) + 360, 360);
		f->have |= ADSB_HAS_SPEED | ADSB_HAS_HEADING;
	}
	if (f->air_speed && (me[1] & 4)) {
		f->heading_deg = first * (360.0 / 1024);
		f->have |= ADSB_HAS_HEADING;
	}
	if (f->air_speed && second) {
		f->speed_kt = scale * (second - 1);
		f->have |= ADSB_HAS_SPEED;
	}
}

bool adsb_read(struct span frame, struct adsb_frame *ret)
{
	struct adsb_frame *f = ret;
	const uint8_t *p = frame.p, *me = p + 4;
	size_t n = frame.left;

	memset(f, 0, sizeof(*f));
	if (n != ADSB_OCTETS && n != ADSB_SHORT)
		return false;
	f->format = p[0] >> 3;
	if ((n == ADSB_SHORT) != (f->format == 11) || (n == ADSB_OCTETS && f->format != 17 && f->format != 18))
		return false;
	if (parity(p, n - 3) != ((uint32_t) p[n - 3] << 16 | (uint32_t) p[n - 2] << 8 | p[n - 1]))
		return false;
	if (f->format == 18 && (p[0] & 7) != 0) /* others do not carry an aircraft's own address */
		return false;
	f->icao = (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
	if (n == ADSB_SHORT)
		return true;
	f->type_code = me[0] >> 3;
	if (f->type_code >= 1 && f->type_code <= 4)
		take_callsign(f, me);
	else if ((f->type_code >= 5 && f->type_code <= 18) || (f->type_code >= 20 && f->type_code <= 22))
		take_position(f, me);
	else if (f->type_code == 19)
		take_velocity(f, me);
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t adsb_hex(const char *text, size_t n, uint8_t ret[ADSB_OCTETS])
{
	if (n && *text == '*') {
		text++;
		n--;
	}
	if (n && text[n - 1] == ';')
		n--;
	if (n % 2 || n / 2 > ADSB_OCTETS)
		return 0;
	for (size_t i = 0; i < n / 2; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		ret[i] = (uint8_t) (high << 4 | low);
	}
	return n / 2;
}

/* Zones of longitude at a latitude. */
static int zones(double lat)
{
	double c = cos(lat * (M_PI / 180));

	if (fabs(lat) >= 87)
		return fabs(lat) > 87 ? 1 : 2;
	return (int) floor(2 * M_PI / acos(1 - (1 - cos(M_PI / 30)) / (c * c)));
}

static double modulo(double a, double b)
{
	return a - b * floor(a / b);
}

bool adsb_position(const uint32_t even[2], const uint32_t odd[2], bool odd_last, double *ret_lat, double *ret_lon)
{
	double lat0 = even[0] / 131072.0, lon0 = even[1] / 131072.0;
	double lat1 = odd[0] / 131072.0, lon1 = odd[1] / 131072.0;
	double j = floor(59 * lat0 - 60 * lat1 + 0.5);
	double north0 = 6.0 * (modulo(j, 60) + lat0), north1 = 360.0 / 59 * (modulo(j, 59) + lat1), m, n;
	int nl;

	if (north0 >= 270)
		north0 -= 360;
	if (north1 >= 270)
		north1 -= 360;
	nl = zones(north0);
	if (fabs(north0) > 90 || fabs(north1) > 90 || nl != zones(north1))
		return false;
	n = odd_last ? nl - 1 : nl;
	if (n < 1)
		n = 1;
	m = floor(lon0 * (nl - 1) - lon1 * nl + 0.5);
	*ret_lat = odd_last ? north1 : north0;
	*ret_lon = 360 / n * (modulo(m, n) + (odd_last ? lon1 : lon0));
	if (*ret_lon >= 180)
		*ret_lon -= 360;
	return true;
}
