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

static struct dot11_handshake *handshake_of(struct dot11_device *ap, const struct mac *client)
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
	free(h->keys.items[victim].packet.data.p);
	memmove(&h->keys.items[victim], &h->keys.items[victim + 1],
		(h->keys.count - victim - 1) * sizeof(h->keys.items[0]));
	h->keys.count--;
}

static void copy_span(uint8_t *to, size_t n, struct span s)
{
	if (s.left >= n)
		memcpy(to, s.p, n);
}

void dot11_keep_beacon(const struct passage *p, struct dot11_device *ap)
{
	if (!ap->beacon_packet)
		ap->beacon_packet = xnew(struct dot11_packet, 1);
	free(ap->beacon_packet->data.p);
	keep_frame(p, ap->beacon_packet);
	ap->keep_beacon = false;
}

void dot11_hear_key(const struct passage *p, struct dot11_device *ap, const struct mac *client)
{
	const struct frame_eapol *k = &p->frame->eapol;
	struct dot11_handshake *h = handshake_of(ap, client);
	struct dot11_eapol *e;

	if (!h)
		return;
	if (limit_full(LIMIT_EAPOL, h->keys.count))
		drop_one(h);
	e = list_add((struct list *) &h->keys, sizeof(*e), NULL);
	*e = (struct dot11_eapol){.time_us = p->packet->time_us,
				  .replay_counter = k->replay_counter,
				  .direction = p->frame->distribution,
				  .message = k->message,
				  .install = k->install,
				  .has_pmkid = k->has_pmkid};
	copy_span(e->nonce, sizeof(e->nonce), k->nonce);
	if (k->has_pmkid)
		copy_span(e->pmkid, sizeof(e->pmkid), k->pmkid);
	keep_frame(p, &e->packet);
	if (k->has_pmkid && !ap->pmkid_packet) {
		ap->pmkid_packet = xnew(struct dot11_packet, 1);
		keep_frame(p, ap->pmkid_packet);
	}
	ap->keep_beacon = true;
}

void dot11_hear_nonce(const struct passage *p, struct dot11_device *client)
{
	const struct frame_eapol *k = &p->frame->eapol;
	struct list *l;
	struct dot11_nonce *n;

	if (k->message != 1 && k->message != 3)
		return;
	l = k->message == 1 ? (struct list *) &client->anonces : (struct list *) &client->nonces;
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
	copy_span(n->nonce, sizeof(n->nonce), k->nonce);
}
