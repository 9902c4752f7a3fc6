/* What packet numbers say of a link: frames by hand, each event of detect/link.h and what looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gnutls/crypto.h>

#include "base/limit.h"
#include "detect/link.h"
#include "wire/dot11/elements.h"

#define START_US UINT64_C(1700000000000000)
#define MS UINT64_C(1000)
enum { CCMP_HEAD = 8, NO_TID = -1 };

static const struct mac ap = {{0, 0xd, 0, 0, 0, 1}}, station = {{0, 0xc, 0, 0, 0, 2}},
			group = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/* A link under test: a clock, and the sequence number of the next frame. */
struct air {
	struct links *links;
	uint64_t now_us;
	uint16_t sequence;
	uint8_t body[64];
	bool unchecked; /* no FCS says that frames are whole */
};

static struct air begin(void)
{
	return (struct air){.now_us = START_US};
}

static void end(struct air *a)
{
	links_destroy(a->links);
}

static uint32_t look(struct air *a, const struct frame *f, bool again)
{
	struct packet p = {.time_us = a->now_us, .fcs_good = !a->unchecked};

	return links_observe(&a->links, f, &p, again).events;
}

static struct frame from_ap(struct air *a, uint8_t type, uint8_t subtype)
{
	a->now_us += 10 * MS;
	return (struct frame){.type = type,
			      .subtype = subtype,
			      .sequence = a->sequence++ & 0xfff,
			      .bssid = ap,
			      .transmitter = ap,
			      .receiver = station};
}

/* A frame of CCMP whose last octets are made of `content`. */
static struct frame protected_frame(struct air *a, uint64_t number, uint8_t content, int tid)
{
	struct frame f = from_ap(a, FRAME_DATA, tid == NO_TID ? 0 : DATA_QOS_BIT);
	uint8_t *b = a->body;

	memset(b, content, sizeof(a->body));
	b[0] = (uint8_t) number;
	b[1] = (uint8_t) (number >> 8);
	b[2] = 0;
	b[3] = 0x20;
	for (int i = 0; i < 4; i++)
		b[4 + i] = (uint8_t) (number >> (16 + 8 * i));
	f.protected_ = true;
	f.qos = (uint16_t) (tid == NO_TID ? 0 : tid);
	f.body = (struct span){.p = b, .left = sizeof(a->body)};
	return f;
}

static uint32_t send(struct air *a, uint64_t number)
{
	struct frame f = protected_frame(a, number, (uint8_t) number, 0);

	return look(a, &f, false);
}

static void send_ordinary(struct air *a, uint64_t first, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(send(a, first + i), 0);
}

/* The third message of a handshake with that nonce. */
static void agree(struct air *a, uint8_t nonce)
{
	uint8_t octets[32];
	struct frame f = from_ap(a, FRAME_DATA, 0);

	memset(octets, nonce, sizeof(octets));
	f.have = FRAME_HAS_EAPOL;
	f.ethertype = 0x888e;
	f.eapol = (struct frame_eapol){.message = 3, .nonce = {.p = octets, .left = sizeof(octets)}};
	f.body = (struct span){.p = octets, .left = sizeof(octets)};
	assert_int_equal(look(a, &f, false), 0);
}

static void numbers_that_rise_are_ordinary(void **state)
{
	struct air a = begin();

	(void) state;
	agree(&a, 1);
	send_ordinary(&a, 1, 100);
	send_ordinary(&a, UINT64_C(0xfffffffff000), 100);
	end(&a);
}

/* Each class of traffic has its own order; all share one counter. */
static void classes_overtake_each_other(void **state)
{
	struct air a = begin();

	(void) state;
	for (uint64_t n = 1; n < 50; n += 2) {
		struct frame later = protected_frame(&a, n + 1, (uint8_t) n, 6);
		struct frame earlier;

		assert_int_equal(look(&a, &later, false), 0);
		earlier = protected_frame(&a, n, (uint8_t) (n + 1), 0);
		assert_int_equal(look(&a, &earlier, false), 0);
	}
	end(&a);
}

static void a_frame_of_before_is_a_replay(void **state)
{
	struct air a = begin();

	(void) state;
	send_ordinary(&a, 1, 12);
	assert_int_equal(send(&a, 9), LINK_REPLAY);
	/* One that has long left the list of frames by which repeats are known. */
	send_ordinary(&a, 13, 40);
	a.now_us += 1000 * MS;
	a.sequence = 4000;
	assert_int_equal(send(&a, 2), LINK_REPLAY);
	end(&a);
}

/* Two receivers of one source see a frame twice, within moments and under the same sequence number. */
static void a_copy_is_no_replay(void **state)
{
	struct air a = begin();
	struct frame f;

	(void) state;
	send_ordinary(&a, 1, 5);
	f = protected_frame(&a, 6, 6, 0);
	assert_int_equal(look(&a, &f, false), 0);
	a.now_us += 5 * MS;
	assert_int_equal(look(&a, &f, true), 0);
	/* Again and again, it is sent by somebody. */
	for (int i = 0; i < 3; i++) {
		a.now_us += 200 * MS;
		assert_int_equal(look(&a, &f, true), 0);
	}
	a.now_us += 200 * MS;
	assert_int_equal(look(&a, &f, true), LINK_REPLAY);
	end(&a);
}

static void a_frame_that_comes_late_is_ordinary(void **state)
{
	struct air a = begin();
	struct frame late;
	uint8_t body[sizeof(a.body)];

	(void) state;
	send_ordinary(&a, 1, 5);
	late = protected_frame(&a, 6, 6, 0);
	memcpy(body, a.body, sizeof(body));
	late.body.p = body;
	send_ordinary(&a, 7, 20);
	assert_int_equal(look(&a, &late, false), 0);
	end(&a);
}

static void numbers_of_a_new_key_begin_anew(void **state)
{
	struct air a = begin();

	(void) state;
	agree(&a, 1);
	send_ordinary(&a, 1, 20);
	agree(&a, 2);
	send_ordinary(&a, 1, 20);
	end(&a);
}

/* The third message again, and the key is installed again (CVE-2017-13077). */
static void a_key_is_installed_again(void **state)
{
	struct air a = begin();

	(void) state;
	agree(&a, 1);
	send_ordinary(&a, 1, 20);
	agree(&a, 1);
	assert_int_equal(send(&a, 1), LINK_REINSTALLED | LINK_NUMBERS_BACK);
	send_ordinary(&a, 2, 20);
	end(&a);
}

/* A third message that was lost and comes again before the key is used changes nothing. */
static void a_handshake_that_is_repeated_before_data_is_ordinary(void **state)
{
	struct air a = begin();

	(void) state;
	agree(&a, 1);
	agree(&a, 1);
	send_ordinary(&a, 1, 20);
	end(&a);
}

static void numbers_begin_anew_without_a_handshake(void **state)
{
	struct air a = begin();

	(void) state;
	send_ordinary(&a, 100, 20);
	assert_int_equal(send(&a, 1), LINK_NUMBERS_BACK);
	send_ordinary(&a, 2, 20);
	end(&a);
}

static void send_fragment(struct air *a, uint64_t number, uint8_t fragment, bool protect, uint32_t expected)
{
	struct frame f = protected_frame(a, number, (uint8_t) number, NO_TID);

	f.sequence = 77;
	f.fragment = fragment;
	f.more_fragments = fragment == 0;
	f.protected_ = protect;
	assert_int_equal(look(a, &f, false), expected);
}

/* CVE-2020-26146, CVE-2020-26147. */
static void fragments_do_not_go_together(void **state)
{
	struct air a = begin();

	(void) state;
	send_fragment(&a, 1, 0, true, 0);
	send_fragment(&a, 2, 1, true, 0);
	send_fragment(&a, 3, 0, true, 0);
	send_fragment(&a, 5, 1, true, LINK_MIXED);
	send_fragment(&a, 6, 0, true, 0);
	send_fragment(&a, 0, 1, false, LINK_CLEAR | LINK_MIXED);
	end(&a);
}

/* The beginning was missed, is of another frame, or long past. */
static void a_fragment_alone_says_nothing(void **state)
{
	struct air a = begin();
	struct frame other;

	(void) state;
	other = protected_frame(&a, 1, 1, NO_TID);
	other.sequence = 0;
	other.fragment = 1;
	assert_int_equal(look(&a, &other, false), 0);
	send_fragment(&a, 2, 0, true, 0);
	other = protected_frame(&a, 9, 9, NO_TID);
	other.sequence = 78;
	other.fragment = 1;
	assert_int_equal(look(&a, &other, false), 0);
	send_fragment(&a, 11, 1, true, LINK_MIXED); /* of 2, still */
	send_fragment(&a, 12, 0, true, 0);
	a.now_us += 20000 * MS;
	send_fragment(&a, 20, 1, true, 0);
	end(&a);
}

/* CVE-2020-24587: the numbers follow each other, and between them another key was agreed on. */
static void fragments_of_two_keys(void **state)
{
	struct air a = begin();

	(void) state;
	agree(&a, 1);
	send_ordinary(&a, 1, 3);
	send_fragment(&a, 0x103, 0, true, 0);
	agree(&a, 2);
	send_fragment(&a, 0x104, 1, true, LINK_MIXED);
	send_fragment(&a, 0x105, 0, true, 0);
	send_fragment(&a, 0x106, 1, true, 0);
	end(&a);
}

/* CVE-2020-24588: the mark of aggregates is not authenticated. */
static void an_aggregate_is_flipped(void **state)
{
	struct air a = begin();
	struct frame f;

	(void) state;
	f = protected_frame(&a, 1, 1, 0);
	assert_int_equal(look(&a, &f, false), 0);
	f.qos |= 0x80;
	assert_int_equal(look(&a, &f, false), LINK_FLIPPED);
	end(&a);
}

static struct frame in_clear(struct air *a)
{
	struct frame f = protected_frame(a, 0, 0, NO_TID);

	f.protected_ = false;
	f.ethertype = 0x0800;
	return f;
}

static void clear_data_on_a_protected_link(void **state)
{
	struct air a = begin();
	struct frame f = in_clear(&a);

	(void) state;
	assert_int_equal(look(&a, &f, false), 0); /* a network in clear */
	send_ordinary(&a, 1, 5);
	f = in_clear(&a);
	assert_int_equal(look(&a, &f, false), LINK_CLEAR);
	f.ethertype = 0x888e;
	assert_int_equal(look(&a, &f, false), 0);
	f = in_clear(&a);
	a.now_us += 61000 * MS; /* it may be another network by now */
	assert_int_equal(look(&a, &f, false), 0);
	end(&a);
}

/* Once its handshake was observed, an association that has just begun excuses nothing. */
static void clear_data_after_an_association(void **state)
{
	struct air a = begin();
	struct frame f = from_ap(&a, FRAME_MANAGEMENT, MGMT_AUTH);

	(void) state;
	assert_int_equal(look(&a, &f, false), 0);
	send_ordinary(&a, 1, 3);
	f = from_ap(&a, FRAME_MANAGEMENT, MGMT_AUTH);
	assert_int_equal(look(&a, &f, false), 0);
	f = in_clear(&a);
	assert_int_equal(look(&a, &f, false), 0);
	agree(&a, 1);
	send_ordinary(&a, 1, 3);
	f = in_clear(&a);
	assert_int_equal(look(&a, &f, false), LINK_CLEAR);
	end(&a);
}

/* A driver that decrypts leaves the mark on what is in clear now. */
static void what_a_driver_opened_has_no_number(void **state)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
	struct air a = begin();

	(void) state;
	for (int i = 0; i < 50; i++) {
		struct frame f = protected_frame(&a, 1, (uint8_t) i, 0);

		memcpy(a.body, snap, sizeof(snap));
		assert_int_equal(look(&a, &f, false), 0);
	}
	end(&a);
}

static uint32_t send_vector(struct air *a, uint8_t content, bool fragment)
{
	struct frame f = protected_frame(a, 0x563412, content, NO_TID);

	a->body[3] = 0;
	f.more_fragments = fragment;
	return look(a, &f, false);
}

static void vectors_of_wep(void **state)
{
	struct air a = begin();

	(void) state;
	assert_int_equal(send_vector(&a, 1, false), 0);
	assert_int_equal(send_vector(&a, 1, false), LINK_WEP_REPLAY);
	assert_int_equal(send_vector(&a, 2, false), LINK_WEP_CHANGED);
	assert_int_equal(send_vector(&a, 3, true) & LINK_WEP_FRAGMENT, LINK_WEP_FRAGMENT);
	end(&a);
}

/* Group keys have numbers of their own, and there are two of them in turn. */
static void keys_of_a_group_are_apart(void **state)
{
	struct air a = begin();

	(void) state;
	for (uint64_t n = 1; n < 20; n++)
		for (uint8_t id = 1; id <= 2; id++) {
			struct frame f = protected_frame(&a, id == 1 ? n : 1000 + n, (uint8_t) n, NO_TID);

			f.receiver = group;
			a.body[3] |= (uint8_t) (id << 6);
			assert_int_equal(look(&a, &f, false), 0);
		}
	end(&a);
}

/* A capture that is read twice is no replay of itself. */
static void time_that_goes_back_begins_anew(void **state)
{
	struct air a = begin();

	(void) state;
	send_ordinary(&a, 1, 20);
	a.now_us = START_US - 5000 * MS;
	a.sequence = 0;
	send_ordinary(&a, 1, 20);
	end(&a);
}

static void a_link_too_many_is_counted(void **state)
{
	struct air a = begin();
	uint64_t before = limit_hits(LIMIT_RULE_LINKS);

	(void) state;
	for (uint32_t i = 0; i < 2 * limit_of(LIMIT_RULE_LINKS); i++) {
		struct frame f = protected_frame(&a, 1, 1, 0);

		a.now_us -= 9 * MS;
		f.receiver = (struct mac){{2, 0, 0, 0, (uint8_t) (i >> 8), (uint8_t) i}};
		assert_int_equal(look(&a, &f, false), 0);
	}
	assert_true(limit_hits(LIMIT_RULE_LINKS) > before);
	end(&a);
}

static void a_short_frame_is_of_no_link(void **state)
{
	struct air a = begin();
	struct frame f = protected_frame(&a, 1, 1, 0);

	(void) state;
	for (f.body.left = 0; f.body.left < CCMP_HEAD; f.body.left++)
		assert_int_equal(look(&a, &f, false), 0);
	end(&a);
}

/* The same octets again under a number of before are of a key that was installed again; other octets, of numbers that
 * began anew. */
static void a_number_of_before_with_other_octets(void **state)
{
	struct air a = begin();
	struct frame f;

	(void) state;
	send_ordinary(&a, 1, 10);
	f = protected_frame(&a, 9, 200, 0);
	assert_int_equal(look(&a, &f, false), LINK_NUMBERS_BACK);
	agree(&a, 1);
	send_ordinary(&a, 1, 10);
	agree(&a, 1);
	f = protected_frame(&a, 9, 9, 0);
	assert_int_equal(look(&a, &f, false), LINK_REINSTALLED | LINK_NUMBERS_BACK);
	end(&a);
}

/* Milliseconds are compared by their lower 32 bits, which begin anew every 50 days. */
static void time_may_wrap(void **state)
{
	struct air a = begin();
	struct frame f;

	(void) state;
	a.now_us = ((a.now_us / MS) | UINT32_MAX) * MS - 100 * MS;
	agree(&a, 1);
	send_ordinary(&a, 1, 5);
	a.now_us += 200 * MS; /* beyond it */
	agree(&a, 1);
	f = protected_frame(&a, 3, 3, 0);
	assert_int_equal(look(&a, &f, false), LINK_REINSTALLED | LINK_NUMBERS_BACK);
	end(&a);
}

/* Sequence numbers have 12 bits. */
static void sequence_numbers_wrap(void **state)
{
	struct air a = begin();
	struct frame late;
	uint8_t body[sizeof(a.body)];

	(void) state;
	a.sequence = 0xffc;
	send_ordinary(&a, 1, 3);
	late = protected_frame(&a, 4, 4, 0); /* 0xfff */
	memcpy(body, a.body, sizeof(body));
	late.body.p = body;
	send_ordinary(&a, 5, 3);
	assert_int_equal(look(&a, &late, false), 0);
	end(&a);
}

/* Of numbers that lag behind, three that rise are of a sender that began anew; others are replays. */
static void numbers_far_behind(void **state)
{
	struct air a = begin();
	static const uint64_t fall[] = {500, 400, 300, 200}, rise[] = {100, 101, 102};

	(void) state;
	send_ordinary(&a, 1000, 20);
	for (size_t i = 0; i < 4; i++) {
		a.now_us += 1000 * MS;
		a.sequence = (uint16_t) (2000 + i);
		assert_int_equal(send(&a, fall[i]), LINK_REPLAY);
	}
	assert_int_equal(send(&a, 1020), 0); /* one that is ahead ends the row */
	for (size_t i = 0; i < 3; i++) {
		a.now_us += 1000 * MS;
		assert_int_equal(send(&a, rise[i]), i < 2 ? LINK_REPLAY : LINK_NUMBERS_BACK);
	}
	end(&a);
}

/* TKIP has the lower octet of its counter third, and the one above it first. */
static struct frame tkip_frame(struct air *a, uint64_t number)
{
	struct frame f = protected_frame(a, number, (uint8_t) (number ^ number >> 8), NO_TID);

	a->body[0] = (uint8_t) (number >> 8);
	a->body[1] = (uint8_t) ((a->body[0] | 0x20) & 0x7f);
	a->body[2] = (uint8_t) number;
	return f;
}

static void numbers_of_tkip_rise(void **state)
{
	struct air a = begin();

	(void) state;
	for (uint64_t n = 0xf0; n < 0x310; n++) {
		struct frame f = tkip_frame(&a, n);

		assert_int_equal(look(&a, &f, false), 0);
	}
	end(&a);
}

/* After so long a silence there may be another key, or another station. */
static void a_link_that_was_silent_begins_anew(void **state)
{
	struct air a = begin();

	(void) state;
	send_ordinary(&a, 1000, 20);
	a.now_us += 61000 * MS;
	send_ordinary(&a, 1, 20);
	end(&a);
}

/* The first message of a handshake with another nonce: a key may come whose third message is missed. The same nonce
 * again, or a second message, announces none. */
static void a_first_message_announces_a_key(void **state)
{
	static const struct {
		uint8_t message, nonce;
		bool expected;
	} rows[] = {{1, 2, true}, {1, 1, false}, {2, 2, false}, {4, 2, false}};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct air a = begin();
		uint8_t octets[32];
		struct frame f;

		agree(&a, 1);
		send_ordinary(&a, 100, 20);
		memset(octets, rows[i].nonce, sizeof(octets));
		f = from_ap(&a, FRAME_DATA, 0);
		f.have = FRAME_HAS_EAPOL;
		f.ethertype = 0x888e;
		f.eapol = (struct frame_eapol){.message = rows[i].message,
					       .nonce = {.p = octets, .left = sizeof(octets)}};
		assert_int_equal(look(&a, &f, false), 0);
		assert_int_equal(send(&a, 1), rows[i].expected ? 0 : LINK_NUMBERS_BACK);
		end(&a);
	}
}

static struct frame management(struct air *a, uint8_t subtype, uint8_t *list, size_t n)
{
	struct frame f = from_ap(a, FRAME_MANAGEMENT, subtype);

	elements_index((struct span){.p = list, .left = n}, &f.elements);
	return f;
}

/* A fast transition agrees on its key in the reassociation request (IEEE 802.11-2020 13.7). */
static void a_fast_transition_agrees_on_a_key(void **state)
{
	uint8_t list[2 + 82] = {55, 82};
	struct air a = begin();
	struct frame f;

	(void) state;
	send_ordinary(&a, 100, 20);
	memset(list + 2 + 18, 7, 64);
	f = management(&a, MGMT_REASSOC_REQ, list, sizeof(list));
	assert_int_equal(look(&a, &f, false), 0);
	send_ordinary(&a, 1, 20);
	/* The same nonces again: the key is installed again. */
	f = management(&a, MGMT_REASSOC_REQ, list, sizeof(list));
	assert_int_equal(look(&a, &f, false), 0);
	assert_int_equal(send(&a, 1), LINK_REINSTALLED | LINK_NUMBERS_BACK);
	/* One without nonces begins an association: numbers may begin anew for a while. */
	f = management(&a, MGMT_ASSOC_REQ, list, 0);
	assert_int_equal(look(&a, &f, false), 0);
	send_ordinary(&a, 2, 20);
	assert_int_equal(send(&a, 1), 0);
	/* Beacons say nothing of keys, nor does the authentication of a fast transition. */
	f = management(&a, MGMT_BEACON, list, 0);
	assert_int_equal(look(&a, &f, false), 0);
	f = management(&a, MGMT_AUTH, list, 0);
	f.auth_algorithm = 2;
	assert_int_equal(look(&a, &f, false), 0);
	end(&a);
}

/* CCMP by a key of zeros (IEEE 802.11-2020 12.5.3.3.5): what LLC data begins with, as its first counter block hides it.
 */
static struct frame zero_key_frame(struct air *a, uint64_t number)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 3, 0, 0, 0};
	struct frame f = protected_frame(a, number, (uint8_t) number, 0);
	uint8_t block[16] = {1}, zeros[16] = {0};
	const gnutls_datum_t key = {zeros, 16};
	gnutls_datum_t iv = {zeros, 16};
	gnutls_cipher_hd_t aes;

	memcpy(block + 2, f.transmitter.b, 6);
	for (int i = 0; i < 6; i++)
		block[8 + i] = (uint8_t) (number >> (40 - 8 * i));
	block[15] = 1;
	assert_true(gnutls_cipher_init(&aes, GNUTLS_CIPHER_AES_128_CBC, &key, &iv) >= 0);
	assert_true(gnutls_cipher_encrypt(aes, block, sizeof(block)) >= 0);
	gnutls_cipher_deinit(aes);
	for (size_t i = 0; i < sizeof(snap); i++)
		a->body[CCMP_HEAD + i] = snap[i] ^ block[i];
	return f;
}

/* CVE-2019-15126: what waits in a chip when its station is disconnected is sent by a key of zeros. */
static void a_key_of_zeros_after_a_disconnection(void **state)
{
	struct air a = begin();
	struct frame f, zero;

	(void) state;
	send_ordinary(&a, 1, 5);
	zero = zero_key_frame(&a, 6);
	assert_int_equal(look(&a, &zero, false), 0); /* before it */
	f = from_ap(&a, FRAME_MANAGEMENT, MGMT_DISASSOC);
	assert_int_equal(look(&a, &f, false), 0);
	zero = zero_key_frame(&a, 7);
	assert_int_equal(look(&a, &zero, false), LINK_ZERO_KEY);
	assert_int_equal(send(&a, 8), 0);
	a.now_us += 11000 * MS;
	zero = zero_key_frame(&a, 9);
	assert_int_equal(look(&a, &zero, false), 0); /* too long after it */
	/* A disconnection of all stations. */
	f = from_ap(&a, FRAME_MANAGEMENT, MGMT_DEAUTH);
	f.receiver = group;
	assert_int_equal(look(&a, &f, false), 0);
	zero = zero_key_frame(&a, 10);
	assert_int_equal(look(&a, &zero, false), LINK_ZERO_KEY);
	end(&a);
}

/* So many frames are tried after a disconnection, for each that may have been meant. */
static void few_frames_are_tried_for_a_key_of_zeros(void **state)
{
	struct air a = begin();
	struct frame f = from_ap(&a, FRAME_MANAGEMENT, MGMT_DISASSOC), zero;

	(void) state;
	assert_int_equal(look(&a, &f, false), 0);
	for (uint64_t n = 1; n <= 64; n++) {
		a.now_us -= 9 * MS;
		assert_int_equal(send(&a, n), 0);
	}
	zero = zero_key_frame(&a, 65);
	assert_int_equal(look(&a, &zero, false), 0);
	end(&a);
}

/* Frames without data, and of control, are of no link; nor is anything before the first that is protected. */
static void what_bears_no_data_is_of_no_link(void **state)
{
	struct air a = begin();
	struct frame f = protected_frame(&a, 1, 1, 0);

	(void) state;
	f.type = FRAME_CONTROL;
	assert_int_equal(look(&a, &f, false), 0);
	f = in_clear(&a);
	assert_int_equal(look(&a, &f, false), 0);
	assert_null(a.links);
	send_ordinary(&a, 1, 5);
	f = protected_frame(&a, 3, 3, 0);
	f.subtype |= DATA_NULL_BIT;
	assert_int_equal(look(&a, &f, false), 0);
	f = in_clear(&a);
	f.body.left = 0;
	assert_int_equal(look(&a, &f, false), 0);
	end(&a);
}

/* Without an FCS a number that does not go on is damaged, until others follow it. */
static void damaged_numbers_do_not_count(void **state)
{
	struct air a = begin();
	struct frame f;

	(void) state;
	a.unchecked = true;
	send_ordinary(&a, 100, 20);
	assert_int_equal(send(&a, 0x100000000 + 120), 0);
	send_ordinary(&a, 121, 20);
	assert_int_equal(send(&a, 37), 0);
	send_ordinary(&a, 142, 20);
	f = protected_frame(&a, 155, 9, 0); /* one of just now, with other octets */
	assert_int_equal(look(&a, &f, false), 0);
	send_ordinary(&a, 163, 200); /* as if nothing had been */
	end(&a);
}

static void numbers_that_begin_anew_are_found_without_an_fcs(void **state)
{
	uint32_t events = 0;
	struct air a = begin();

	(void) state;
	a.unchecked = true;
	send_ordinary(&a, 100, 20);
	for (uint64_t n = 1; n < 20; n++)
		events |= send(&a, n);
	assert_true(events & LINK_NUMBERS_BACK);
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_that_rise_are_ordinary),
		cmocka_unit_test(classes_overtake_each_other),
		cmocka_unit_test(a_frame_of_before_is_a_replay),
		cmocka_unit_test(a_copy_is_no_replay),
		cmocka_unit_test(a_frame_that_comes_late_is_ordinary),
		cmocka_unit_test(numbers_of_a_new_key_begin_anew),
		cmocka_unit_test(a_key_is_installed_again),
		cmocka_unit_test(a_handshake_that_is_repeated_before_data_is_ordinary),
		cmocka_unit_test(damaged_numbers_do_not_count),
		cmocka_unit_test(numbers_that_begin_anew_are_found_without_an_fcs),
		cmocka_unit_test(numbers_begin_anew_without_a_handshake),
		cmocka_unit_test(fragments_do_not_go_together),
		cmocka_unit_test(a_fragment_alone_says_nothing),
		cmocka_unit_test(fragments_of_two_keys),
		cmocka_unit_test(an_aggregate_is_flipped),
		cmocka_unit_test(clear_data_on_a_protected_link),
		cmocka_unit_test(clear_data_after_an_association),
		cmocka_unit_test(what_a_driver_opened_has_no_number),
		cmocka_unit_test(vectors_of_wep),
		cmocka_unit_test(keys_of_a_group_are_apart),
		cmocka_unit_test(time_that_goes_back_begins_anew),
		cmocka_unit_test(a_link_too_many_is_counted),
		cmocka_unit_test(a_short_frame_is_of_no_link),
		cmocka_unit_test(a_number_of_before_with_other_octets),
		cmocka_unit_test(time_may_wrap),
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(numbers_far_behind),
		cmocka_unit_test(numbers_of_tkip_rise),
		cmocka_unit_test(a_link_that_was_silent_begins_anew),
		cmocka_unit_test(a_first_message_announces_a_key),
		cmocka_unit_test(a_fast_transition_agrees_on_a_key),
		cmocka_unit_test(a_key_of_zeros_after_a_disconnection),
		cmocka_unit_test(few_frames_are_tried_for_a_key_of_zeros),
		cmocka_unit_test(what_bears_no_data_is_of_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
