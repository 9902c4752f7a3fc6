#include "phy/dot11/eapol.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/quick.h"
#include "field/list.h"
#include "phy/dot11/key_frames.h"
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

#define BEACON_ELEMENTS 36 /* behind the MAC header, timestamp, interval and capabilities */

/* What the first element of a beacon says, which nearly always is the name; false: the frame has to be read. */
static bool first_name(const struct octets *o, struct ssid *ret)
{
	const uint8_t *p = o->p, *name = p + BEACON_ELEMENTS;

	/* Version, type and subtype; neither protected nor with HT control, which would stand before the elements. */
	if (o->n < BEACON_ELEMENTS + 2 || p[0] != MGMT_BEACON << 4 || (p[1] & 0xc0) || name[0] != ELEMENT_SSID ||
	    name[1] > SSID_MAX || name[1] > o->n - BEACON_ELEMENTS - 2)
		return false;
	ret->len = name[1];
	memcpy(ret->b, name + 2, ret->len);
	return true;
}

/* The name in a frame of the network; of no octets when it is hidden. */
static struct ssid name_in(const struct dot11_packet *packet)
{
	struct ssid name = {0};
	struct frame f;

	if (packet && quick(QUICK_FIRST_NAME) && first_name(&packet->data, &name))
		return name;
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

/* Where n octets of the frame stand in what is kept of it; 0: they do not. */
static uint16_t slot_in(const struct packet_ctx *p, struct span s, size_t n, size_t kept)
{
	size_t at = s.left >= n ? (size_t) (s.p - p->packet->mpdu.p) : SIZE_MAX - n;

	return at + n <= kept ? (uint16_t) at : 0;
}

static void add_key(const struct packet_ctx *p, struct dot11_handshake *h)
{
	const struct frame_eapol *k = &frame_of(p)->eapol;
	const struct span *m = &p->packet->mpdu;
	size_t n = m->left < DOT11_PACKET_MAX ? m->left : DOT11_PACKET_MAX;
	struct dot11_eapol e = {.time_us = p->packet->time_us,
				.frame = {(uint8_t *) (uintptr_t) m->p, (uint32_t) n},
				.direction = frame_of(p)->distribution,
				.message = k->message,
				.install = k->install};

	if (!space_of(p)->decrypted) {
		e.nonce_at = slot_in(p, k->nonce, 32, n);
		e.pmkid_at = k->has_pmkid ? slot_in(p, k->pmkid, 16, n) : 0;
	}
	(void) dot11_handshake_add(h, &e);
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
	was_complete = dot11_handshake_is_whole(h);
	if (limit_full(LIMIT_EAPOL, h->count) && !dot11_handshake_drop(h))
		return;
	add_key(p, h);
	if (!was_complete && dot11_handshake_is_whole(h))
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
