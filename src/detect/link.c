#include "detect/link.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "base/limit.h"
#include "base/mem.h"
#include "detect/zero_key.h"
#include "wire/dot11/readers.h"

#define WAYS 4
#define KEY_EXTENDED 0x20              /* in the octet behind the vector: four more octets follow */
#define FRESH_US UINT64_C(10000000)    /* so long after an association begins a new key may come */
#define REPEATED_US UINT64_C(10000000) /* so long after its repeat a handshake explains that numbers begin anew */
#define LATE_US UINT64_C(500000)       /* so long retransmissions come out of order */
#define LATE_MOST 1024                 /* and so many numbers late */
#define COPY_MS 50                     /* one frame seen by two receivers of one source */
#define COPIES_ORDINARY 3
#define BEHIND_MOST 3              /* so many lower numbers in a row have begun anew */
#define STEP_MOST 4                /* numbers that one goes on by, where no FCS says that it is right */
#define DOUBTS_MOST 5              /* lower ones in a row are no damage */
#define AWAY_US UINT64_C(60000000) /* a link that was silent for so long may be another one */
#define BACK_US UINT64_C(1000000)  /* a step back in time by more is another capture */
#define FRAGMENT_US                                                                                                    \
	UINT64_C(10000000) /* so long after the one before a fragment is of the same frame: who puts them              \
			      together waits for another key */
#define FTE_NONCES 18      /* behind MIC control and MIC: the nonces, 64 octets (9.4.2.47) */
#define QOS_AGGREGATE 0x80
#define ENDED_US UINT64_C(10000000) /* so long after a disconnection a chip may send what waits in it */
#define ZERO_CHECKS_MOST 64         /* frames that are tried after one: a chip's buffer holds fewer */

struct links {
	uint32_t sets;
	uint64_t ended_us; /* the latest disconnection of all */
	struct link *all;
};

static struct links *links_create(void)
{
	uint32_t n = (uint32_t) limit_of(LIMIT_RULE_LINKS);
	uint32_t sets = n < WAYS ? 1 : n / WAYS;
	struct links *l = xnew(struct links, 1);

	l->sets = sets;
	l->all = xnew(struct link, (size_t) sets * WAYS);
	return l;
}

void links_destroy(struct links *l)
{
	if (l)
		free(l->all);
	free(l);
}

static struct link *set_of(struct links *l, const struct mac *from, const struct mac *to, uint8_t key_id)
{
	uint64_t h = (mac_u64(from) * 31 + mac_u64(to)) * 31 + key_id;

	return &l->all[(h * UINT64_C(0x9e3779b97f4a7c15) >> 32) % l->sets * WAYS];
}

/* Group keys are told apart by their number: there are two of them, in turn. Of pairs there is one. */
static struct link *find(struct links *l, const struct mac *from, const struct mac *to, uint8_t key_id)
{
	static const struct mac group;
	const struct mac *receiver = mac_is_group(to) ? &group : to;
	uint8_t id = mac_is_group(to) ? key_id : 0;
	struct link *set = set_of(l, from, receiver, id);

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].used && set[i].key_id == id && mac_equal(&set[i].transmitter, from) &&
		    mac_equal(&set[i].receiver, receiver))
			return &set[i];
	return NULL;
}

/* A link of which nothing is known. */
static void begin(struct link *k, const struct mac *from, const struct mac *receiver, uint8_t id)
{
	mem_clear(k, offsetof(struct link, recent));
	k->used = true;
	k->transmitter = *from;
	k->receiver = *receiver;
	k->key_id = id;
}

static struct link *find_or_add(struct links *l, const struct mac *from, const struct mac *to, uint8_t key_id,
				uint64_t now_us)
{
	static const struct mac group;
	const struct mac *receiver = mac_is_group(to) ? &group : to;
	uint8_t id = mac_is_group(to) ? key_id : 0;
	struct link *found = find(l, from, to, key_id), *set;

	if (found)
		return found;
	set = found = set_of(l, from, receiver, id);
	for (size_t i = 0; i < WAYS; i++)
		if (!set[i].used || set[i].last_us < found->last_us)
			found = &set[i];
	if (found->used && now_us < found->last_us + AWAY_US)
		limit_hit(LIMIT_RULE_LINKS);
	begin(found, from, receiver, id);
	found->last_us = now_us;
	return found;
}

/* Another key: its numbers begin anew. */
static void drop_numbers(struct link *k)
{
	for (size_t i = 0; i < LINK_TIDS; i++)
		k->tids[i] = (struct link_numbers){0};
	k->n_recent = k->next_recent = 0;
	k->n_behind = 0;
	k->begun_us = 0;
}

/* A source whose time goes back begins another capture, perhaps the same once more. */
static void check_time(struct link *k, uint64_t now_us)
{
	if (now_us + BACK_US < k->last_us || now_us > k->last_us + AWAY_US) {
		uint32_t nonce_sum = now_us > k->last_us ? k->nonce_sum : 0;
		struct mac transmitter = k->transmitter, receiver = k->receiver;
		bool tkip = k->tkip;

		begin(k, &transmitter, &receiver, k->key_id);
		k->nonce_sum = nonce_sum;
		k->tkip = tkip;
	}
	k->last_us = now_us;
}

/* A key of that nonce is agreed on, by messages that `from` sends: for both directions, and those of the group that an
 * access point announces with it. */
static void agree(struct links *l, const struct mac *from, const struct mac *to, uint32_t nonce_sum, uint64_t now_us)
{
	struct link *ways[] = {find_or_add(l, from, to, 0, now_us), NULL};

	ways[1] = find_or_add(l, to, from, 0, now_us);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct link *k = ways[i];

		check_time(k, now_us);
		if (k->nonce_sum == nonce_sum) {
			k->repeated_us = k->begun_us ? now_us : 0;
			continue;
		}
		drop_numbers(k);
		k->nonce_sum = nonce_sum;
		k->repeated_us = k->fresh_until_us = 0;
		k->fragment_key_replaced = true;
	}
}

/* An association begins: whether a handshake follows that is observed is not known. */
static void begin_association(struct links *l, const struct frame *f, uint64_t now_us)
{
	struct link *ways[] = {find(l, &f->transmitter, &f->receiver, 0), find(l, &f->receiver, &f->transmitter, 0)};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i])
			ways[i]->fresh_until_us = now_us + FRESH_US;
}

/* A disconnection, of all stations of an access point too: from any sender: both may go on with a key of zeros. */
static void end_association(struct links *l, const struct frame *f, uint64_t now_us)
{
	struct link *ways[] = {find_or_add(l, &f->transmitter, &f->receiver, 0, now_us),
			       mac_is_group(&f->receiver) ? NULL : find(l, &f->receiver, &f->transmitter, 0)};

	l->ended_us = now_us;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!ways[i])
			continue;
		check_time(ways[i], now_us);
		ways[i]->ended_us = now_us;
		ways[i]->zero_checks = 0;
	}
}

static bool ended_lately(struct link *k, uint64_t now_us)
{
	return k && k->ended_us && now_us >= k->ended_us && now_us < k->ended_us + ENDED_US &&
	       k->zero_checks < ZERO_CHECKS_MOST && ++k->zero_checks;
}

static bool has_zero_key(struct links *l, struct link *k, const struct frame *f, uint64_t number, uint64_t now_us)
{
	static const struct mac all = {{255, 255, 255, 255, 255, 255}};

	if (now_us >= l->ended_us + ENDED_US)
		return false;
	return (ended_lately(k, now_us) || ended_lately(find(l, &f->bssid, &all, 0), now_us)) &&
	       zero_key_opens(f, number);
}

static void observe_management(struct links *l, const struct frame *f, uint64_t now_us)
{
	struct span fte;

	switch (f->subtype) {
	case MGMT_REASSOC_REQ:
	case MGMT_ASSOC_REQ:
		if (frame_find(f, ELEMENT_FAST_BSS_TRANSITION, &fte) && fte.left >= FTE_NONCES + 64)
			agree(l, &f->transmitter, &f->receiver, crc_32(fte.p + FTE_NONCES, 64) | 1, now_us);
		else
			begin_association(l, f, now_us);
		return;
	case MGMT_AUTH:
		if (f->auth_algorithm != 2) /* of fast transition, whose keys its requests name */
			begin_association(l, f, now_us);
		return;
	case MGMT_DEAUTH:
	case MGMT_DISASSOC: end_association(l, f, now_us); return;
	default: return;
	}
}

/* The third message makes the station install the key; the first announces one. */
static void observe_key(struct links *l, const struct frame *f, uint64_t now_us)
{
	const struct frame_eapol *e = &f->eapol;
	struct link *k;
	uint32_t sum;

	if ((e->message != 1 && e->message != 3) || e->nonce.left == 0)
		return;
	sum = crc_32(e->nonce.p, e->nonce.left) | 1;
	if (e->message == 3) {
		agree(l, &f->transmitter, &f->receiver, sum, now_us);
		return;
	}
	k = find(l, &f->transmitter, &f->receiver, 0);
	if (k && k->nonce_sum != sum)
		begin_association(l, f, now_us);
}

/* The packet number of TKIP and CCMP. TKIP fills the second octet so that weak keys are avoided, and has a counter
 * where CCMP has 0. */
static uint64_t read_number(const struct frame *f, struct link *k)
{
	const uint8_t *p = f->body.p;
	uint64_t high = (uint64_t) p[4] << 16 | (uint64_t) p[5] << 24 | (uint64_t) p[6] << 32 | (uint64_t) p[7] << 40;

	if (p[2] != 0 && p[1] == ((p[0] | 0x20) & 0x7f))
		k->tkip = true;
	return high | (k->tkip ? (uint64_t) p[2] | (uint64_t) p[0] << 8 : (uint64_t) p[0] | (uint64_t) p[1] << 8);
}

static uint32_t content_of(const struct frame *f)
{
	uint32_t a, b;

	if (f->body.left < 8)
		return 0;
	memcpy(&a, f->body.p + f->body.left - 8, sizeof(a));
	memcpy(&b, f->body.p + f->body.left - 4, sizeof(b));
	return a ^ (b << 7 | b >> 25);
}

static uint8_t tid_of(const struct frame *f)
{
	return f->subtype & DATA_QOS_BIT ? f->qos & 7 : LINK_TIDS - 1;
}

static void remember(struct link *k, const struct link_recent *r)
{
	k->recent[k->next_recent] = *r;
	k->next_recent = (uint8_t) ((k->next_recent + 1) % LINK_RECENT);
	if (k->n_recent < LINK_RECENT)
		k->n_recent++;
}

static struct link_recent *find_recent(struct link *k, uint64_t number)
{
	for (uint8_t i = 0; i < k->n_recent; i++)
		if (k->recent[i].number == number)
			return &k->recent[i];
	return NULL;
}

/* The numbers of a link begin anew: what does that mean? */
static uint32_t begin_anew(struct link *k, uint64_t now_us)
{
	bool repeated = k->repeated_us && now_us < k->repeated_us + REPEATED_US;
	bool expected = now_us < k->fresh_until_us;

	drop_numbers(k);
	k->repeated_us = 0;
	if (repeated)
		return LINK_REINSTALLED | LINK_NUMBERS_BACK;
	return expected ? 0 : LINK_NUMBERS_BACK;
}

/* The same frame, as two receivers of a source see it, and not one that is sent again and again. */
static bool is_copy(struct link_recent *before, const struct link_recent *now, bool again)
{
	if (before->sequence != now->sequence || before->tid != now->tid)
		return false;
	if (again && now->at_ms - before->at_ms > COPY_MS && before->copies < UINT8_MAX)
		before->copies++;
	return before->copies <= COPIES_ORDINARY;
}

/* Whether the lower bits of a packet time, which wrap after 50 days, are before a moment; false: there is none. */
static bool is_before(uint32_t at_ms, uint64_t moment_us)
{
	return moment_us && at_ms - (uint32_t) (moment_us / 1000) > INT32_MAX;
}

/* A frame whose number was used just now. */
static uint32_t repeat_of(struct link *k, struct link_recent *before, const struct link_recent *now, uint64_t now_us,
			  bool again)
{
	/* What is the same as before the handshake was repeated is encrypted by the same key from the same number on.
	 */
	if (before->content != now->content || is_before(before->at_ms, k->repeated_us))
		return begin_anew(k, now_us);
	if (before->aggregate != now->aggregate)
		return LINK_FLIPPED;
	return is_copy(before, now, again) ? 0 : LINK_REPLAY;
}

/* A number that is lower than it should be, and was not seen lately. */
static uint32_t observe_behind(struct link *k, const struct link_numbers *t, const struct link_recent *now,
			       uint64_t now_us)
{
	bool late = now_us < t->at_us + LATE_US && t->highest - now->number <= LATE_MOST;

	if (late && ((t->sequence - now->sequence) & 0xfff) <= LATE_MOST)
		return 0;
	k->n_behind = k->n_behind && now->number > k->behind ? (uint8_t) (k->n_behind + 1) : 1;
	k->behind = now->number;
	/* Ahead by its sequence number, it was sent later. */
	if (k->n_behind >= BEHIND_MOST ||
	    (((now->sequence - t->sequence) & 0xfff) - 1u < 2048 && now->number <= LINK_RECENT))
		return begin_anew(k, now_us);
	return LINK_REPLAY;
}

/* Without an FCS a number may be damaged: one that does not go on is believed when others follow it. */
static bool is_doubtful(struct link *k, const struct link_numbers *t, const struct link_recent *before,
			const struct link_recent *now, uint64_t now_us)
{
	bool repeated = k->repeated_us && now_us < k->repeated_us + REPEATED_US;
	bool ahead = now->number > t->highest + STEP_MOST, lower = now->number <= t->highest;
	bool in_order = ((now->sequence - t->sequence) & 0xfff) - 1u < LATE_MOST;
	bool replayed = before && before->content == now->content;

	if (!t->known || repeated || replayed || (lower && !in_order) || (!ahead && !lower)) {
		k->n_doubts = 0;
		return false;
	}
	k->n_doubts =
		k->n_doubts && now->number >= k->doubt && now->number <= k->doubt + (ahead ? LATE_MOST : STEP_MOST)
			? (uint8_t) (k->n_doubts + 1)
			: 1;
	k->doubt = now->number;
	if (k->n_doubts <= (ahead ? 1 : DOUBTS_MOST))
		return true;
	k->n_doubts = ahead ? 0 : DOUBTS_MOST;
	return false;
}

static uint32_t observe_number(struct link *k, const struct link_recent *now, uint64_t now_us, bool again, bool checked)
{
	struct link_numbers *t = &k->tids[now->tid];
	struct link_recent *before = find_recent(k, now->number);
	uint32_t events = 0;

	if (!checked && is_doubtful(k, t, before, now, now_us))
		return 0;

	if (before)
		events = repeat_of(k, before, now, now_us, again);
	else if (t->known && now->number <= t->highest)
		events = observe_behind(k, t, now, now_us);
	else
		k->n_behind = 0;
	if (before && !(events & LINK_NUMBERS_BACK) && k->n_recent)
		return events;
	if (!t->known || now->number > t->highest)
		*t = (struct link_numbers){now->number, now_us, now->sequence, true};
	if (!(events & LINK_REPLAY))
		remember(k, now);
	if (!k->begun_us)
		k->begun_us = now_us;
	return events;
}

/* WEP: a station takes another vector for each frame, in no order that it has to keep. */
static uint32_t observe_vector(struct link *k, const struct frame *f, const struct link_recent *now, bool again)
{
	struct link_recent *before = find_recent(k, now->number);

	if (!k->begun_us)
		k->begun_us = k->last_us;
	if (!before) {
		remember(k, now);
		return 0;
	}
	if (f->fragment || f->more_fragments)
		return LINK_WEP_FRAGMENT;
	if (before->content != now->content)
		return LINK_WEP_CHANGED;
	return is_copy(before, now, again) ? 0 : LINK_WEP_REPLAY;
}

/* Fragments of one frame are all protected or none is, by one key, and their numbers follow each other (12.5.3.3.2).
 * One that does not follow may be of a frame whose beginning was missed. */
static uint32_t observe_fragment(struct link *k, const struct frame *f, uint64_t number, uint64_t now_us)
{
	bool follows = f->fragment && now_us - k->fragment_us < FRAGMENT_US && k->fragment_sequence == f->sequence &&
		       f->fragment == k->fragment + 1;
	bool mixed = follows && (f->protected_ != k->fragment_protected || k->fragment_key_replaced ||
				 (f->protected_ && number && number != k->fragment_number + 1));

	if (f->fragment && !follows)
		return 0;
	k->fragment_us = now_us;
	k->fragment_sequence = f->sequence;
	k->fragment = f->fragment;
	k->fragment_protected = f->protected_;
	k->fragment_key_replaced = false;
	k->fragment_number = number;
	return mixed ? LINK_MIXED : 0;
}

/* Some drivers take protection off and leave the mark: what follows is LLC of ordinary data, and no packet number. */
static bool is_opened(const struct frame *f)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 3, 0, 0, 0};

	return memcmp(f->body.p, snap, sizeof(snap)) == 0;
}

static struct link_look observe_protected(struct links *l, const struct frame *f, const struct packet *packet,
					  bool again)
{
	uint64_t now_us = packet->time_us;
	struct link_recent now = {.content = content_of(f),
				  .at_ms = (uint32_t) (now_us / 1000),
				  .sequence = f->sequence,
				  .tid = tid_of(f),
				  .aggregate = (f->subtype & DATA_QOS_BIT) && (f->qos & QOS_AGGREGATE)};
	struct link_look look = {0};
	struct link *k;
	bool is_wep;

	if (f->body.left < 8 || is_opened(f))
		return look;
	is_wep = !(f->body.p[3] & KEY_EXTENDED);
	k = look.link = find_or_add(l, &f->transmitter, &f->receiver, f->body.p[3] >> 6, now_us);
	check_time(k, now_us);
	now.number = is_wep ? span_be24(&(struct span){.p = f->body.p, .left = 3}) : read_number(f, k);
	look.number = now.number;
	look.events =
		is_wep ? observe_vector(k, f, &now, again) : observe_number(k, &now, now_us, again, packet->fcs_good);
	if (f->fragment || f->more_fragments)
		look.events |= observe_fragment(k, f, is_wep ? 0 : now.number, now_us);
	if (l->ended_us && !is_wep && has_zero_key(l, k, f, now.number, now_us))
		look.events |= LINK_ZERO_KEY;
	return look;
}

/* Data in clear, where the same transmitter protects what it sends to that receiver. Key frames are in clear before
 * there are keys, and so is nothing else. */
static struct link_look observe_clear(struct links *l, const struct frame *f, uint64_t now_us)
{
	struct link_look look = {.link = find(l, &f->transmitter, &f->receiver, 1)};

	if (!look.link || !look.link->begun_us || now_us > look.link->last_us + AWAY_US ||
	    now_us < look.link->last_us || now_us < look.link->fresh_until_us)
		return (struct link_look){0};
	look.events = LINK_CLEAR;
	if (f->fragment || f->more_fragments)
		look.events |= observe_fragment(look.link, f, 0, now_us);
	return look;
}

struct link_look links_observe(struct links **links, const struct frame *f, const struct packet *packet, bool again)
{
	bool protected = f->type == FRAME_DATA && f->protected_ && !(f->subtype & DATA_NULL_BIT);
	bool agrees = f->type == FRAME_MANAGEMENT || (f->have & FRAME_HAS_EAPOL);

	if (f->type != FRAME_DATA && f->type != FRAME_MANAGEMENT)
		return (struct link_look){0};
	if (!*links && !protected && !(f->have & FRAME_HAS_EAPOL) && f->type != FRAME_MANAGEMENT)
		return (struct link_look){0};
	if (!*links)
		*links = links_create();
	if (protected)
		return observe_protected(*links, f, packet, again);
	if (f->type == FRAME_MANAGEMENT)
		observe_management(*links, f, packet->time_us);
	else if (f->have & FRAME_HAS_EAPOL)
		observe_key(*links, f, packet->time_us);
	if (agrees || (f->subtype & DATA_NULL_BIT) || f->body.left == 0 || f->ethertype == 0x888e)
		return (struct link_look){0};
	return observe_clear(*links, f, packet->time_us);
}
