/* The habits of transmitters, as one source sees them: how strong one is, how its sequence numbers and its clock run,
 * what elements it sends. Two radios in one name have two of each, which is how forged frames are found, whatever their
 * kind. A few octets each, bounded by LIMIT_HABITS; a source's own, without a lock. */
#pragma once
#include "wire/dot11/frame.h"
#include "wire/packet.h"

/* How far two clocks' offsets are apart, whatever they are: both come from the air. */
static inline uint64_t offsets_apart_us(int64_t a, int64_t b)
{
	uint64_t d = (uint64_t) a - (uint64_t) b;

	return a > b ? d : -d;
}

/* What of a frame is not the habit of its transmitter. */
enum forgery_sign {
	SIGN_SIGNAL = 1,
	SIGN_SEQUENCE = 2,
	SIGN_CLOCK = 4,
	SIGN_ELEMENTS = 8,
};

/* What a frame is, against the habits of the address that it names as its transmitter. */
struct habit_match {
	bool known;       /* there are habits to compare with */
	bool own;         /* the frame is as its transmitter's are, as loud too */
	bool forged;      /* another radio sent it */
	uint8_t signs;    /* enum forgery_sign */
	int8_t usual_dbm; /* at which the transmitter is received; 0: unknown */
};

/* The sequence numbers of one kind of frames. */
struct habit_counter {
	uint64_t last_us;
	uint16_t last;
	uint8_t steady; /* frames in a row that had one number */
	uint8_t steps;  /* that went on from the one before */
};

struct habit {
	struct mac mac;
	uint8_t frames;  /* UINT8_MAX: so many or more */
	uint8_t off;     /* that are not its habit, lately */
	uint8_t plain;   /* of these, that an attacker has no use for, by signal alone */
	uint8_t resumed; /* how often its own went on behind such frames */
	bool pending;    /* the latest was none of its own */
	uint8_t clocks, shapes;
	uint16_t mhz;
	int16_t level, spread, other_level; /* dBm and dB, in sixteenths; of its own, and of the others */
	uint32_t shape;                     /* of the elements of its beacons */
	uint64_t seen_us, off_us;           /* packet time of the latest of its own, and of the others */
	int64_t clock_us;                   /* offset of its clock */
	struct habit_counter beacons, others;
};

struct habits {
	uint32_t sets;
	struct habit *items;
};

/* Compares a management or data frame, or a PS-Poll, with the habits of its transmitter, and learns from it. */
struct habit_match habits_learn(struct habits *h, const struct packet *packet, const struct frame *f);
void habits_finish(struct habits *h);
