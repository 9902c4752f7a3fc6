/* What of a source's packets is understood, and the sentence for one of which nothing is. Counted on the source's
 * thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/packet.h"

#define DOUBT_FIRST_US UINT64_C(30000000) /* from the first packet until the doubt about a live source is reported */
#define DOUBT_AGAIN_US UINT64_C(60000000) /* and again */
#define DOUBT_SUMS 20                     /* packets until wrong checksums are no accident */

struct doubt {
	uint64_t packets, understood, no_phy, bad_fcs;
	uint16_t linktype;              /* of the last packet that no phy reads */
	uint64_t first_us, reported_us; /* monotonic; 0: not yet */
};

/* A packet that has been processed. */
void doubt_packet(struct doubt *d, const struct packet *packet);
/* A report; whether a phy took it. */
void doubt_report(struct doubt *d, bool taken);
/* The sentence when packets came and none was understood; else false, and ret is empty. live: of a source that goes
 * on, which may yet be understood. */
bool doubt_text(const struct doubt *d, bool live, char *ret, size_t size);
/* Whether it is time to say so of a source that lives. */
bool doubt_due(struct doubt *d, uint64_t now_us);
