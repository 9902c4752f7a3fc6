/* What a source puts behind its 802.11 frames, found out from the frames themselves: radios say that an FCS follows and
 * deliver none, deliver one and do not say so, or leave octets of their own there. Each interface of a capture counts
 * for itself. What the frames' form says (wire/dot11/tail.h) is counted; an attacker has to send most of the
 * frames to mislead it. Counted on the source's thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/dot11/tail.h"
#include "wire/packet.h"

#define TRAILER_FRAMES_REPORTED 4 /* until it is said what a source does wrong */
#define TRAILER_FRAMES_GARBAGE 8  /* until octets that are no FCS are believed to be of no frame */
#define TRAILER_TEXT_SIZE 200

/* Of one interface: of its frames with an FCS that is claimed, or of the others. */
struct trailer {
	struct packet_trailer is;        /* what is believed now */
	uint16_t frames, right, changes; /* changes: frames whose last octets differ from those before */
	uint32_t last;
	uint16_t at[TAIL_MAX + 1]; /* how many frames may end so many octets before the end */
	uint32_t passed;           /* since one was looked at */
	uint8_t marked, repeated;  /* frames marked as damaged, before any without the mark; as the one before */
	uint32_t last_marked;
	bool unmarked, reported;
};

struct trailers {
	struct trailer (*interfaces)[2]; /* [1]: of frames with a claimed FCS */
	uint32_t n;
	char said[TRAILER_TEXT_SIZE]; /* what was said last; "" nothing */
};
struct source;

/* Before a packet is handed on: what is known of its interface. */
void trailers_apply(const struct trailers *t, struct packet *packet);
/* After the packet was handed on. */
void trailers_learn(struct trailers *t, const struct packet *packet);
/* Says what the packet's interface does wrong, once. */
void trailers_report(struct trailers *t, const struct packet *packet, struct source *s);
void trailers_finish(struct trailers *t);
