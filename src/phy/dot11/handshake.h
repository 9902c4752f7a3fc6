/* Which of a client's key frames belong to one handshake, and which of those says the most of the passphrase. Messages
 * are paired as IEEE 802.11-2020 12.7.6 has them: the second repeats the first's replay counter, the third counts one
 * more and repeats the first's nonce, the fourth repeats the third's counter. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define HANDSHAKE_WITHIN_US UINT64_C(5000000) /* a message comes no later after the one that it answers */

/* What is asked of a key frame. */
struct key_frame {
	uint64_t time_us, replay;
	uint32_t nonce_sum; /* 0: the nonce is of zeros, or cannot be read */
	uint32_t sum;       /* of the whole EAPOL frame: a repeat has the same */
	uint8_t message;    /* 1 to 4; 0: another */
	bool has_pmkid;
};
/* Reads them from an 802.11 frame, without radio header and FCS; false when no key frame stands in it in clear. */
bool key_frame_read(struct span frame, uint64_t time_us, struct key_frame *ret);

/* The messages of a handshake by their positions among a client's frames, which are in the order in which they came;
 * -1: it was not observed. Of repeats it is the first. */
struct handshake {
	int message[5]; /* by number; [0] is none */
	bool proven;    /* the access point went on, or the client did: both know the passphrase */
};
/* The handshake that the frame at that position, a second message, or a fourth with a nonce, completes; false when it
 * completes none. */
bool handshake_at(const struct key_frame *frames, uint32_t n, uint32_t at, struct handshake *ret);
/* The position of the message by which the passphrase is tried, and of the one with the access point's nonce. */
int handshake_signed(const struct handshake *h);
int handshake_nonce(const struct handshake *h);
/* The one that says the most: proven before not, then the one whose messages came closest, then the first. False when
 * there is none. */
bool handshake_best(const struct key_frame *frames, uint32_t n, struct handshake *ret);
/* Marks the first and second messages of handshakes that were not confirmed, as of a station with another passphrase,
 * when there is a proven one: who looks for the passphrase would be misled by them. Those with a PMKID do not mislead.
 */
void handshake_mark_misleading(const struct key_frame *frames, uint32_t n, bool *ret_misleading);
/* The position of the frame that is needed least when another one comes: the oldest of repeats, then of those that are
 * not of the best handshake. -1: all are needed. */
int handshake_least(const struct key_frame *frames, uint32_t n);
