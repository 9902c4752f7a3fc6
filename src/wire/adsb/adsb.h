/* Mode S extended squitters of aircraft (ICAO Doc 9871; "ADS-B"): 14 octets, and the short reply of 7 that has an
 * address. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define ADSB_OCTETS 14
#define ADSB_SHORT 7

enum adsb_have {
	ADSB_HAS_CALLSIGN = 1,
	ADSB_HAS_ALTITUDE = 2,
	ADSB_HAS_POSITION = 4, /* one half of it: even or odd */
	ADSB_HAS_SPEED = 8,
	ADSB_HAS_HEADING = 16,
	ADSB_HAS_CLIMB = 32,
};

struct adsb_frame {
	uint8_t format;    /* downlink format: 11, 17 or 18 */
	uint8_t type_code; /* of a squitter */
	uint8_t have;      /* enum adsb_have */
	uint8_t category;  /* of the aircraft: type code 1 to 4 in the upper half, category in the lower */
	bool odd, surface, air_speed;
	uint32_t icao;     /* 24 bits */
	uint32_t lat, lon; /* 17 bits each, of an even or odd grid */
	int32_t altitude_ft, climb_fpm;
	double speed_kt, heading_deg;
	char callsign[9];
};

/* False when it is of another format or its parity is wrong. Pure. */
bool adsb_read(struct span frame, struct adsb_frame *ret);
/* Reads hex, with "*" before and ";" behind or without; how many octets, 0 when it is none or longer than a frame. */
size_t adsb_hex(const char *text, size_t n, uint8_t ret[ADSB_OCTETS]);
/* A position from an even and an odd half that were seen within seconds of each other; odd_last: that one is newer.
 * False when they do not fit together. */
bool adsb_position(const uint32_t even[2], const uint32_t odd[2], bool odd_last, double *ret_lat, double *ret_lon);
