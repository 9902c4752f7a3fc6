/* Stations at their networks, as one source sees them: who has joined, how, and what became of it. A few octets each,
 * bounded by LIMIT_STATIONS; a source's own, without a lock. */
#pragma once
#include "detect/habit.h"

struct station_state {
	struct mac station, bssid;
	bool protects;                      /* it can protect management frames, by its latest request to join */
	uint8_t commits;                    /* of SAE, without a confirm */
	uint16_t disconnects;               /* in a row, each within DISCONNECT_GAP_US of the last */
	uint8_t cycles;                     /* thrown out and back, in a row */
	uint64_t used_us;                   /* packet times; 0: never */
	uint64_t data_us;                   /* of its latest data, either way */
	uint64_t joined_us;                 /* of its latest successful association */
	uint64_t first_us, disconnected_us; /* of the first and the latest of those disconnections */
	uint64_t thrown_us;      /* of the latest by another radio than the network's or its own, as far as one knows */
	uint64_t cycles_us;      /* of the first of those cycles */
	uint64_t requested_us;   /* of its own latest request to join; 0: it has answered since */
	uint8_t offers;          /* first messages of a handshake with a PMKID since then */
	uint64_t unprotected_us; /* of its latest NOCLIENTMFP */
};

struct stations {
	uint32_t sets;
	struct station_state *items;
	struct station_state *now;   /* of the frame at hand; NULL: none */
	struct station_state before; /* as it was before that frame; zeros: it had none */
};

#define DISCONNECT_GAP_US 10000000
#define STATION_JOINED_US 600000000 /* so long after its latest data it is still there */

/* Sets `now` and `before` for the frame: a state is added by frames that show something (a join, data, a
 * disconnection). */
void stations_learn(struct stations *s, const struct packet *packet, const struct frame *f,
		    const struct habit_match *match);
/* The frame is of no station: there is neither. */
void stations_skip(struct stations *s);
/* True for one that has sent or got data lately. */
static inline bool station_is_joined(const struct station_state *s, uint64_t now_us)
{
	return s->data_us && now_us < s->data_us + STATION_JOINED_US;
}
void stations_finish(struct stations *s);
