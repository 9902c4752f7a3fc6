/* Four-way handshakes and PMKIDs, kept by client in the access point's record. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "field/list.h"
#include "track/model.h"

static void keep_frame(const struct passage *p, struct dot11_packet *to)
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

/* Makes room: the oldest frame whose message number stands again later goes first. */
static void drop_one(struct dot11_handshake *h)
{
	uint32_t victim = 0;

	for (uint32_t i = 0; i < h->keys.count; i++) {
		for (uint32_t j = i + 1; j < h->keys.count; j++) {
			if (h->keys.items[i].message != h->keys.items[j].message)
				continue;
			victim = i;
			i = h->keys.count;
			break;
		}
	}
	free(h->keys.items[victim].frame.p);
	memmove(&h->keys.items[victim], &h->keys.items[victim + 1],
		(h->keys.count - victim - 1) * sizeof(h->keys.items[0]));
	h->keys.count--;
}

void dot11_keep_beacon(const struct passage *p, struct dot11_device *ap)
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
	return (struct dot11_packet){.time_us = e->time_us, .linktype = LINKTYPE_IEEE802_11,
				     .data = e->frame};
}

/* Where n octets of the frame stand in what is kept of it; 0: they do not. */
static uint16_t place_in(const struct passage *p, struct span s, size_t n, size_t kept)
{
	size_t at = s.left >= n ? (size_t) (s.p - p->packet->mpdu.p) : SIZE_MAX - n;

	return at + n <= kept ? (uint16_t) at : 0;
}

/* Both nonces and an integrity code: message 2, and 1 or 3 (IEEE 802.11-2020 12.7.6). */
static bool is_complete(const struct dot11_handshake *h)
{
	uint32_t seen = 0;

	for (uint32_t i = 0; i < h->keys.count; i++)
		seen |= 1U << (h->keys.items[i].message & 7);
	return (seen & 1 << 2) && (seen & (1 << 1 | 1 << 3));
}

void dot11_hear_key(const struct passage *p, const struct device *d, struct dot11_device *ap,
		    const struct mac *client)
{
	const struct frame_eapol *k = &p->frame->eapol;
	struct dot11_keys *keys = keys_of(ap);
	struct dot11_handshake *h = handshake_of(keys, client);
	struct dot11_packet whole;
	struct dot11_eapol *e;
	bool was_complete;

	if (!h)
		return;
	was_complete = is_complete(h);
	if (limit_full(LIMIT_EAPOL, h->keys.count))
		drop_one(h);
	keep_frame(p, &whole);
	e = list_add((struct list *) &h->keys, sizeof(*e), NULL);
	*e = (struct dot11_eapol){.time_us = whole.time_us,
				  .frame = whole.data,
				  .direction = p->frame->distribution,
				  .message = k->message,
				  .install = k->install};
	if (!p->decrypted) {
		e->nonce_at = place_in(p, k->nonce, 32, e->frame.n);
		e->pmkid_at = k->has_pmkid ? place_in(p, k->pmkid, 16, e->frame.n) : 0;
	}
	if (k->has_pmkid && !keys->pmkid_packet) {
		keys->pmkid_packet = xnew(struct dot11_packet, 1);
		keep_frame(p, keys->pmkid_packet);
	}
	keys->keep_beacon = true;
	if (!was_complete && is_complete(h))
		news_add(p->news, NEWS_HANDSHAKE, &d->key, 0);
}

void dot11_hear_nonce(const struct passage *p, struct dot11_device *client)
{
	const struct frame_eapol *k = &p->frame->eapol;
	struct dot11_nonce *n;
	struct list *l;

	if ((k->message != 1 && k->message != 3) || k->nonce.left < sizeof(n->nonce))
		return;
	l = k->message == 1 ? (struct list *) &keys_of(client)->anonces
			    : (struct list *) &keys_of(client)->nonces;
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
