/* Beacons and probe responses whose FCS was not checked: bits of them may have changed on the way. What a network has
 * said before is believed at once; when it has said the same several times, something else is believed when it comes
 * twice. A network that has not yet repeated itself is believed as it is, since either of two frames may be the damaged
 * one. What changes from frame to frame anyway is left out of the comparison. Under the lock of the device's shard. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "wire/dot11/frame.h"

#define UNVERIFIED_KNOWN 3    /* contents that a network alternates between */
#define UNVERIFIED_EQUAL 3    /* frames that said what was known, until something else has to come twice */
#define UNVERIFIED_COPIES 2   /* of one frame, after which it is no damage */
#define UNVERIFIED_ODD_MOST 8 /* frames one after the other that all say something else: it changes all the time */

/* Of one kind of frame of one network. */
struct unverified {
	uint32_t known[UNVERIFIED_KNOWN];
	uint32_t odd;    /* what was not believed last */
	uint8_t equal;   /* frames that said what was known, at most UNVERIFIED_EQUAL */
	uint8_t next;    /* of `known`, to be replaced */
	uint8_t odd_run; /* frames since one that was believed */
	/* The latest that was believed; how many in a row said it, and what was believed before it; at most UINT8_MAX.
	 */
	uint8_t run, run_before;
	uint8_t odd_copies; /* of the frame that was not believed last */
	uint32_t believed;
};

/* A sum over what a beacon or probe response says. */
uint32_t unverified_sum(const struct frame *f);
/* Whether it is believed; noted for the next. */
bool unverified_takes(struct unverified *u, uint32_t sum);
/* The same of a frame that was received before, octet by octet: it is no second one, but no damage comes three times.
 */
bool unverified_takes_again(struct unverified *u, uint32_t sum);
/* An access point sends beacons and answers in its own name: addresses that differ by a few bits are damaged. */
bool unverified_is_torn_apart(const struct frame *f);
