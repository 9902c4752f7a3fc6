/* Four-way handshakes and PMKIDs, kept by client in the access point's record. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "field/list.h"
#include "phy/dot11/handshake.h"
#include "phy/dot11/space.h"
#include "wire/dot11/readers.h"

static void keep_octets(struct dot11_packet *to, uint64_t time_us, const uint8_t *octets, size_t n)
{
	if (to->data.n != n) {
		free(to->data.p);
		to->data.p = xnew(uint8_t, n);
	}
	to->time_us = time_us;
	to->linktype = LINKTYPE_IEEE802_11;
	to->data.n = (uint32_t) n;
	memcpy(to->data.p, octets, n);
}

static struct dot11_packet *keep_frame(const struct packet_ctx *p, struct dot11_packet *to)
{
	size_t n = p->packet->mpdu.left < DOT11_PACKET_MAX ? p->packet->mpdu.left : DOT11_PACKET_MAX;

	if (!to)
		to = xnew(struct dot11_packet, 1);
	keep_octets(to, p->packet->time_us, p->packet->mpdu.p, n);
	return to;
}

static struct dot11_keys *keys_of(struct dot11_device *x)
{
	if (!x->keys)
		x->keys = xnew(struct dot11_keys, 1);
	return x->keys;
}

static struct dot11_handshake *handshake_of(struct dot11_keys *ap, const struct mac *client)
{
	struct dot11_handshake *h;

	for (uint32_t i = 0; i < ap->handshakes.count; i++)
		if (mac_equal(&ap->handshakes.items[i].client, client))
			return &ap->handshakes.items[i];
	if (limit_full(LIMIT_CLIENTS, ap->handshakes.count))
		return NULL;
	h = list_add((struct list *) &ap->handshakes, sizeof(*h), NULL);
	*h = (struct dot11_handshake){.client = *client};
	return h;
}

/* What stands before each packed frame: its struct key_frame without padding, and where things are. */
struct packed_head {
	uint64_t time_us, replay;
	uint32_t nonce_sum, sum;
	uint16_t packed, n, nonce_at, pmkid_at; /* octets packed, octets of the frame, where things stand */
	uint8_t message, has_pmkid, install, direction;
} __attribute__((packed));

static struct key_frame key_of(const struct packed_head *head)
{
	return (struct key_frame){.time_us = head->time_us,
				  .replay = head->replay,
				  .nonce_sum = head->nonce_sum,
				  .sum = head->sum,
				  .message = head->message,
				  .has_pmkid = head->has_pmkid};
}

/* What the frame says of the key; of one that was decrypted its message alone. */
static void read_key(struct packed_head *head, struct span frame, uint64_t time_us, uint8_t message)
{
	struct key_frame key;

	if (!key_frame_read(frame, time_us, &key))
		key = (struct key_frame){.time_us = time_us, .message = message & 7};
	head->time_us = key.time_us;
	head->replay = key.replay;
	head->nonce_sum = key.nonce_sum;
	head->sum = key.sum;
	head->message = key.message;
	head->has_pmkid = key.has_pmkid;
}

static struct packed_head head_at(const struct dot11_handshake *h, size_t at)
{
	struct packed_head head;

	memcpy(&head, h->packed.p + at, sizeof(head));
	return head;
}

static size_t next_at(const struct dot11_handshake *h, size_t at)
{
	return at + sizeof(struct packed_head) + head_at(h, at).packed;
}

/* Pairs of a count of octets with these, and a count of zeros that follow. to has room for n + n / 127 + 2. */
static size_t pack(const uint8_t *p, size_t n, uint8_t *to)
{
	size_t at = 0, i = 0;

	while (i < n) {
		size_t begin = i, zeros = 0;

		while (i < n && i - begin < 255 && (p[i] || (i + 1 < n && p[i + 1])))
			i++;
		to[at++] = (uint8_t) (i - begin);
		memcpy(to + at, p + begin, i - begin);
		at += i - begin;
		while (i < n && zeros < 255 && !p[i]) {
			zeros++;
			i++;
		}
		to[at++] = (uint8_t) zeros;
	}
	return at;
}

static void unpack(const uint8_t *p, size_t packed, uint8_t *to)
{
	for (size_t i = 0; i < packed;) {
		size_t some = p[i++];

		memcpy(to, p + i, some);
		memset(to + some, 0, p[i + some]);
		to += some + p[i + some];
		i += some + 1;
	}
}

struct field_items dot11_handshake_keys(const struct dot11_handshake *h, struct arena *arena)
{
	struct dot11_eapol *list = arena_alloc(arena, (h->count + 1u) * sizeof(*list));
	uint32_t n = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at)) {
		struct packed_head head = head_at(h, at);
		struct dot11_eapol *e = &list[n++];

		*e = (struct dot11_eapol){.time_us = head.time_us,
					  .nonce_at = head.nonce_at,
					  .pmkid_at = head.pmkid_at,
					  .direction = head.direction,
					  .message = head.message,
					  .install = head.install,
					  .frame = {arena_alloc(arena, head.n), head.n}};
		unpack(h->packed.p + at + sizeof(head), head.packed, e->frame.p);
	}
	return (struct field_items){list, n};
}

uint32_t dot11_handshake_messages(const struct dot11_handshake *h)
{
	uint32_t bits = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at))
		bits |= 1u << head_at(h, at).message;
	return bits;
}

struct key_frame *dot11_handshake_facts(const struct dot11_handshake *h)
{
	struct key_frame *frames = xnew(struct key_frame, h->count + 1u);
	uint32_t n = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at)) {
		struct packed_head head = head_at(h, at);

		frames[n++] = key_of(&head);
	}
	return frames;
}

/* Makes room for another frame; false when all are needed. */
static bool drop_one(struct dot11_handshake *h)
{
	struct key_frame *frames = dot11_handshake_facts(h);
	int least = handshake_least(frames, h->count);
	size_t victim = 0, end;

	free(frames);
	if (least < 0)
		return false;
	for (int i = 0; i < least; i++)
		victim = next_at(h, victim);
	end = next_at(h, victim);
	memmove(h->packed.p + victim, h->packed.p + end, h->packed.n - end);
	h->packed.n -= (uint32_t) (end - victim);
	h->count--;
	return true;
}

static bool is_complete(const struct dot11_handshake *h)
{
	struct key_frame *frames = dot11_handshake_facts(h);
	struct handshake best;
	bool found = handshake_best(frames, h->count, &best);

	free(frames);
	return found;
}

/* The name in a frame of the network; of no octets when it is hidden. */
static struct ssid name_in(const struct dot11_packet *packet)
{
	struct ssid name = {0};
	struct frame f;

	if (!packet || frame_dissect((struct span){.p = packet->data.p, .left = packet->data.n}, &f) < 0 ||
	    f.ssid.left > SSID_MAX)
		return name;
	name.len = (uint8_t) f.ssid.left;
	memcpy(name.b, f.ssid.p, name.len);
	return name;
}

struct ssid dot11_introduced_name(const struct dot11_device *x)
{
	return x->introduced_by > INTRODUCED_NAMELESS ? name_in(x->introduction) : (struct ssid){0};
}

/* The network's frame at hand goes with the handshake; a better one may come. */
static void take_introduction(struct dot11_device *ap)
{
	struct dot11_keys *k = ap->keys;
	const struct dot11_packet *from = ap->introduction;

	k->keep_beacon = ap->introduced_by != INTRODUCED_NAMED;
	if (!from)
		return;
	if (!k->beacon_packet)
		k->beacon_packet = xnew(struct dot11_packet, 1);
	keep_octets(k->beacon_packet, from->time_us, from->data.p, from->data.n);
}

/* A handshake goes on, or begins: it belongs to the network as it was called before. */
static void introduce(struct dot11_device *ap)
{
	struct ssid kept, now;

	if (ap->keys->beacon_packet && !ap->keys->keep_beacon) {
		kept = name_in(ap->keys->beacon_packet);
		now = name_in(ap->introduction);
		if (now.len == 0 || ssid_equal(&kept, &now))
			return;
	}
	take_introduction(ap);
}

void dot11_keep_introduction(const struct packet_ctx *p, struct dot11_device *ap, enum dot11_introduced by)
{
	if (ap->introduction && by < ap->introduced_by)
		return;
	ap->introduction = keep_frame(p, ap->introduction);
	ap->introduced_by = (uint8_t) by;
	if (ap->keys && ap->keys->keep_beacon)
		take_introduction(ap);
}

struct dot11_packet dot11_eapol_packet(const struct dot11_eapol *e)
{
	return (struct dot11_packet){.time_us = e->time_us, .linktype = LINKTYPE_IEEE802_11, .data = e->frame};
}

/* Where n octets of the frame stand in what is kept of it; 0: they do not. */
static uint16_t slot_in(const struct packet_ctx *p, struct span s, size_t n, size_t kept)
{
	size_t at = s.left >= n ? (size_t) (s.p - p->packet->mpdu.p) : SIZE_MAX - n;

	return at + n <= kept ? (uint16_t) at : 0;
}

static void append(struct dot11_handshake *h, struct packed_head *head, const uint8_t *frame)
{
	uint8_t packed[DOT11_PACKET_MAX * 2 + 2];

	head->packed = (uint16_t) pack(frame, head->n, packed);
	xgrow(h->packed.p, h->packed.n + sizeof(*head) + head->packed);
	memcpy(h->packed.p + h->packed.n, head, sizeof(*head));
	memcpy(h->packed.p + h->packed.n + sizeof(*head), packed, head->packed);
	h->packed.n += (uint32_t) (sizeof(*head) + head->packed);
	h->count++;
}

bool dot11_handshake_add(struct dot11_handshake *h, const struct dot11_eapol *e)
{
	struct packed_head head = {.n = (uint16_t) e->frame.n,
				   .nonce_at = e->nonce_at,
				   .pmkid_at = e->pmkid_at,
				   .direction = e->direction,
				   .install = e->install};

	if (e->frame.n == 0 || e->frame.n > DOT11_PACKET_MAX || limit_full(LIMIT_EAPOL, h->count))
		return false;
	read_key(&head, (struct span){.p = e->frame.p, .left = e->frame.n}, e->time_us, e->message);
	append(h, &head, e->frame.p);
	return true;
}

static void add_key(const struct packet_ctx *p, struct dot11_handshake *h)
{
	const struct frame_eapol *k = &frame_of(p)->eapol;
	const struct span *m = &p->packet->mpdu;
	size_t n = m->left < DOT11_PACKET_MAX ? m->left : DOT11_PACKET_MAX;
	struct packed_head head = {.n = (uint16_t) n, .direction = frame_of(p)->distribution, .install = k->install};

	read_key(&head, *m, p->packet->time_us, k->message);
	if (!space_of(p)->decrypted) {
		head.nonce_at = slot_in(p, k->nonce, 32, n);
		head.pmkid_at = k->has_pmkid ? slot_in(p, k->pmkid, 16, n) : 0;
	}
	append(h, &head, m->p);
}

void dot11_observe_key(const struct packet_ctx *p, const struct device *d, struct dot11_device *ap,
		       const struct mac *client)
{
	struct dot11_keys *keys = keys_of(ap);
	struct dot11_handshake *h = handshake_of(keys, client);
	bool was_complete;

	if (!h)
		return;
	introduce(ap);
	if (frame_of(p)->eapol.has_pmkid && !keys->pmkid_packet)
		keys->pmkid_packet = keep_frame(p, NULL);
	was_complete = is_complete(h);
	if (limit_full(LIMIT_EAPOL, h->count) && !drop_one(h))
		return;
	add_key(p, h);
	if (!was_complete && is_complete(h))
		model_events_add(p->events, MODEL_EVENT_HANDSHAKE, &d->key, 0);
}

/* A client that has a key of before names it by its PMKID (IEEE 802.11-2020 12.6.10.3). */
static bool names_key(const struct frame *f)
{
	struct span data;
	struct rsn rsn;

	if (!frame_find(f, ELEMENT_RSN, &data) || !rsn_read(data, &rsn))
		return false;
	for (size_t i = 0; i < rsn.pmkids.left; i++)
		if (rsn.pmkids.p[i])
			return true;
	return false;
}

void dot11_observe_association(const struct packet_ctx *p, struct dot11_device *ap)
{
	struct dot11_keys *keys;

	if (!names_key(frame_of(p)))
		return;
	keys = keys_of(ap);
	introduce(ap);
	if (!keys->pmkid_packet)
		keys->pmkid_packet = keep_frame(p, NULL);
}

void dot11_observe_nonce(const struct packet_ctx *p, struct dot11_device *client)
{
	const struct frame_eapol *k = &frame_of(p)->eapol;
	struct dot11_nonce *n;
	struct list *l;

	if ((k->message != 1 && k->message != 3) || k->nonce.left < sizeof(n->nonce))
		return;
	l = k->message == 1 ? (struct list *) &keys_of(client)->anonces : (struct list *) &keys_of(client)->nonces;
	n = l->items;
	if (l->count == DOT11_NONCES_MAX) {
		memmove(n, n + 1, (l->count - 1) * sizeof(*n));
		l->count--;
	}
	n = list_add(l, sizeof(*n), NULL);
	*n = (struct dot11_nonce){.time_us = p->packet->time_us,
				  .replay_counter = k->replay_counter,
				  .message = k->message,
				  .install = k->install};
	memcpy(n->nonce, k->nonce.p, sizeof(n->nonce));
}
