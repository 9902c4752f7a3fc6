/* Links that are protected: what one transmitter sends to one receiver, or to a group, with one key. Their packet
 * numbers (WEP's initialisation vectors, TKIP's and CCMP's counters; IEEE 802.11-2020 12.3.2, 12.5.2, 12.5.3) never
 * come twice but in a retransmission. Each frame is looked at once, for all rules; these count what it was.
 *
 * A source has links of its own, which its thread keeps: what another source missed or saw later does not count. There
 * are at most LIMIT_RULE_LINKS of them; the one that was used least lately of a few makes way. Frames sent again do not
 * get here. */
#pragma once
#include "detect/scope.h"
#include "wire/dot11/frame.h"
#include "wire/packet.h"

/* What a frame was for its link; bits. */
enum link_event {
	LINK_REPLAY = 1, /* a frame of before under another sequence number, or much later, or a number long past */
	LINK_NUMBERS_BACK = 2,   /* the packet numbers began anew, and no new key was agreed on */
	LINK_REINSTALLED = 4,    /* the same, after the handshake of the present key was repeated */
	LINK_CLEAR = 8,          /* data in clear on a link that is protected */
	LINK_MIXED = 16,         /* a fragment that does not go with the one before it */
	LINK_FLIPPED = 32,       /* a frame of before, with another mark for aggregates */
	LINK_WEP_REPLAY = 64,    /* WEP: a frame of before */
	LINK_WEP_CHANGED = 128,  /* WEP: the vector of a frame of before, and other octets */
	LINK_WEP_FRAGMENT = 256, /* WEP: the same in a fragment */
	LINK_ZERO_KEY = 512,     /* protected by a key of zeros, after a disconnection */
};

#define LINK_TIDS 9    /* traffic identifiers, and one for frames without */
#define LINK_RECENT 16 /* frames by which repeats are known */

struct link_recent {
	uint64_t number;
	uint32_t content; /* of the last octets, which the integrity code makes its own */
	uint32_t at_ms;   /* packet time, its lower bits */
	uint16_t sequence;
	uint8_t tid, copies;
	bool aggregate;
};

struct link_numbers {
	uint64_t highest, at_us;
	uint16_t sequence;
	bool known;
};

struct link {
	struct mac transmitter, receiver; /* a group's is zeros */
	uint8_t key_id;
	bool used, tkip;
	uint64_t last_us, begun_us; /* packet time: of the latest protected frame, since when the key is used */
	uint8_t n_recent, next_recent;
	uint64_t behind; /* the latest number that was lower than it should be, in a row of them */
	uint8_t n_behind;
	uint64_t doubt; /* the latest number that no FCS confirmed and that does not go on */
	uint8_t n_doubts;
	/* The key: of which nonce it was made, until when numbers may begin anew, when its handshake was repeated. */
	uint32_t nonce_sum;
	uint64_t ended_us;   /* packet time of the latest disconnection */
	uint8_t zero_checks; /* since then */
	uint64_t fresh_until_us, repeated_us;
	/* The fragment before, and whether its key was replaced. */
	uint64_t fragment_us; /* packet time; 0: none */
	uint16_t fragment_sequence;
	uint8_t fragment;
	bool fragment_protected, fragment_key_replaced;
	uint64_t fragment_number;
	/* What rules count. */
	struct rate_window replays, backs, changed, clear, mixed, flipped, zeros;
	struct link_numbers tids[LINK_TIDS];
	struct link_recent recent[LINK_RECENT]; /* the first n_recent; the last member: others are not cleared */
};

struct links;
void links_destroy(struct links *l);

/* What the frame was; the events are or-ed. */
struct link_look {
	struct link *link; /* NULL: of none */
	uint32_t events;   /* enum link_event */
	uint64_t number;   /* its packet number */
};
/* Looks at a frame that is no retransmission, and remembers it. *links is made when first needed. `again`: the same
 * octets came before. */
struct link_look links_observe(struct links **links, const struct frame *f, const struct packet *packet, bool again);
