/* NMEA 0183 sentences of a GPS receiver, one at a time: what they say about position, speed and
 * accuracy, gathered into one position. Bytes from a serial line or an untrusted server. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/position.h"

#define NMEA_LINE_MAX 128 /* the standard says 82 octets; receivers send more */
#define NMEA_FIELDS_MAX 40

/* What is known so far; all zero at the start. */
struct nmea {
	struct position position;
	unsigned satellites;    /* used in the position */
	int64_t day;            /* since 1970, of the latest date; 0: none was sent */
	uint64_t utc_us;        /* time of the fix, by the receiver; 0: unknown */
	bool reported_accuracy; /* GST sent standard deviations: HDOP is ignored */
};

enum nmea_sentence_kind { NMEA_OTHER, NMEA_POSITION, NMEA_LOST };

/* Reads one line without its end. NMEA_POSITION when n->position is a new one, NMEA_LOST when the receiver
 * says that it has none now, NMEA_OTHER for every other sentence. ERR_MALFORMED for a line without
 * '$', with a checksum that is wrong or with numbers that are none; nothing has changed then. */
int nmea_read(struct nmea *n, const char *line, size_t size);
