/* Four-way handshakes and PMKIDs, kept by client in the access point's record. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "field/list.h"
#include "phy/dot11/space.h"

static void keep_frame(const struct packet_ctx *p, struct dot11_packet *to)
{
	size_t n = p->packet->mpdu.left < DOT11_PACKET_MAX ? p->packet->mpdu.left : DOT11_PACKET_MAX;

	*to = (struct dot11_packet){.time_us = p->packet->time_us, .linktype = LINKTYPE_IEEE802_11};
	to->data.p = xnew(uint8_t, n);
	to->data.n = (uint32_t) n;
	memcpy(to->data.p, p->packet->mpdu.p, n);
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

/* What stands before each packed frame. */
struct packed_head {
	uint64_t time_us;
	uint16_t packed, n, nonce_at, pmkid_at; /* octets packed, octets of the frame, where things stand */
	uint8_t direction, message, install;
} __attribute__((packed));

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

/* Makes room: the oldest frame whose message number stands again later goes first. */
static void drop_one(struct dot11_handshake *h)
{
	size_t victim = 0, end;

	for (size_t i = 0; i < h->packed.n; i = next_at(h, i)) {
		size_t j = next_at(h, i);

		while (j < h->packed.n && head_at(h, j).message != head_at(h, i).message)
			j = next_at(h, j);
		if (j < h->packed.n) {
			victim = i;
			break;
		}
	}
	end = next_at(h, victim);
	memmove(h->packed.p + victim, h->packed.p + end, h->packed.n - end);
	h->packed.n -= (uint32_t) (end - victim);
	h->count--;
}

/* Both nonces and an integrity code: message 2, and 1 or 3 (IEEE 802.11-2020 12.7.6). */
static bool is_complete(const struct dot11_handshake *h)
{
	uint32_t seen = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at))
		seen |= 1U << (head_at(h, at).message & 7);
	return (seen & 1 << 2) && (seen & (1 << 1 | 1 << 3));
}

void dot11_keep_beacon(const struct packet_ctx *p, struct dot11_device *ap)
{
	struct dot11_keys *k = keys_of(ap);

	if (!k->beacon_packet)
		k->beacon_packet = xnew(struct dot11_packet, 1);
	free(k->beacon_packet->data.p);
	keep_frame(p, k->beacon_packet);
	k->keep_beacon = false;
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
	struct packed_head head = {.time_us = e->time_us,
				   .n = (uint16_t) e->frame.n,
				   .nonce_at = e->nonce_at,
				   .pmkid_at = e->pmkid_at,
				   .direction = e->direction,
				   .message = e->message & 7,
				   .install = e->install};

	if (e->frame.n == 0 || e->frame.n > DOT11_PACKET_MAX || limit_full(LIMIT_EAPOL, h->count))
		return false;
	append(h, &head, e->frame.p);
	return true;
}

static void add_key(const struct packet_ctx *p, struct dot11_handshake *h)
{
	const struct frame_eapol *k = &frame_of(p)->eapol;
	const struct span *m = &p->packet->mpdu;
	size_t n = m->left < DOT11_PACKET_MAX ? m->left : DOT11_PACKET_MAX;
	struct packed_head head = {.time_us = p->packet->time_us,
				   .n = (uint16_t) n,
				   .direction = frame_of(p)->distribution,
				   .message = k->message,
				   .install = k->install};

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
	was_complete = is_complete(h);
	if (limit_full(LIMIT_EAPOL, h->count))
		drop_one(h);
	add_key(p, h);
	if (frame_of(p)->eapol.has_pmkid && !keys->pmkid_packet) {
		keys->pmkid_packet = xnew(struct dot11_packet, 1);
		keep_frame(p, keys->pmkid_packet);
	}
	keys->keep_beacon = true;
	if (!was_complete && is_complete(h))
		model_events_add(p->events, MODEL_EVENT_HANDSHAKE, &d->key, 0);
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
