/* The sighting: what one source saw of one device in one minute (norn_sighting_seconds). Of it time lines, presence
 * and other stores' rows are made. Minutes are of packet time and begin where the clock's do.
 *
 * Rows add up: a device that was evicted and came back within the minute, packets out of order by more than a minute,
 * and a server that was started again make two of what is one, and readers sum them. Over all its sightings
 * `frames` less `duplicates` of a device are its packets. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/key.h"
#include "base/uuid.h"
#include "field/field.h"

struct sighting {
	uint64_t number; /* of this run, from 1, in the order in which they were closed; 0: it is open */
	uint64_t octets; /* of its frames, on the air */
	double lat, lon; /* of the receiver where its signal was best, when has_position; degrees */
	struct key device;
	struct uuid source;
	struct mac bssid;     /* of the network that it was with; zeros: none */
	uint16_t seconds;     /* norn_sighting_seconds */
	uint32_t start_sec;   /* packet time */
	uint32_t frames;      /* that it sent, or that were sent to it; 0: it was only named as their network */
	uint32_t sent;        /* of these, by it */
	uint32_t duplicates;  /* of these, those that were seen before, by this source or another */
	uint32_t retries;     /* of these, those that say that they were sent again */
	uint32_t freq_khz;    /* of most of its frames; 0: unknown */
	uint32_t alerts;      /* that were raised about it */
	float signal_mean;    /* over all frames of it that the radio measured */
	float accuracy_m;     /* of the position; 0: unknown */
	int16_t signal_least; /* 0: it was not measured */
	int16_t signal_most;
	uint8_t phy;         /* its number */
	uint8_t signal_type; /* enum signal_type */
	bool has_position;
};
extern struct field_table sighting_table;
