/* The 802.11 phy's row: how a frame is read, and what becomes of it before and after its devices learn. */
#include <stdlib.h>

#include "base/mem.h"
#include "track/model.h"
#include "wire/dot11/tags.h"

/* With several sources, what they share is fetched while the frame is dissected: the word of the shared
 * table, and the locks of the frame's addresses (IEEE 802.11-2020 9.3.1: at octets 4, 10 and 16). */
void dot11_fetch(struct tracker *t, const struct packet *packet)
{
	_Atomic uint64_t *heard = atomic_load_explicit(&t->heard, memory_order_acquire);

	if (!heard)
		return;
	__builtin_prefetch((const _Atomic uint64_t *) &heard[packet->hash % DEDUP_SHARED], 1);
	for (size_t at = 4; at <= 16 && packet->mpdu.left >= 24; at += 6) {
		struct key key = {.phy_hash = t->dot11_hash};

		memcpy(&key.mac, packet->mpdu.p + at, sizeof(key.mac));
		if (!mac_is_group(&key.mac))
			__builtin_prefetch(shard_of_key(t, &key), 1);
	}
}

/* What data frames hold is nobody's business; key frames hold no data. */
static void hide(struct packet *packet, struct frame *f)
{
	if (f->type != FRAME_DATA || f->short_header || (f->have & FRAME_HAS_EAPOL))
		return;
	packet->shown = (uint32_t) (f->body.p - packet->data.p);
	f->ip = (struct frame_ip){0};
	f->discovery = (struct frame_discovery){0};
	f->eap_identity = (struct span){0};
}

/* Reads a WEP frame of a network whose key is known. */
static bool decrypt(struct tracker *t, struct track_source *s, struct frame *f)
{
	struct span clear;

	if (!f->protected_ || f->type != FRAME_DATA)
		return false;
	for (uint32_t i = 0; i < t->conf.n_wep_keys; i++) {
		const struct track_wep_key *k = &t->conf.wep_keys[i];

		if (!mac_matches(&f->bssid, &k->bssid))
			continue;
		if (!s->clear)
			s->clear = xnew(uint8_t, WEP_BODY_MAX);
		if (!wep_decrypt(f->body, &k->key, s->clear, &clear))
			continue;
		frame_read_clear(f, clear);
		return true;
	}
	return false;
}

int dot11_dissect(struct packet *packet, union phy_frame *ret)
{
	struct frame *f = &ret->dot11;
	int r = frame_dissect(packet->mpdu, f);

	if (r < 0)
		return r;
	packet->is_data = f->type == FRAME_DATA;
	packet->bssid = f->bssid;
	packet->sender = f->source;
	packet->destination = f->destination;
	packet->transmitter = f->transmitter;
	packet->tags.frame = frame_tags(f);
	return 0;
}

void dot11_match_uav(const struct passage *p)
{
	const struct key key = {p->t->dot11_hash, p->uav.mac};
	struct shard *s = shard_of_key(p->t, &key);
	struct device *d;
	uint32_t slot;
	uint16_t n = 0;

	while (n < p->t->env.n_uav_rules && !uav_rule_matches(&p->t->env.uav_rules[n], &p->uav.mac, &p->uav.ssid))
		n++;
	if (n == p->t->env.n_uav_rules)
		return;
	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, &key, &slot);
	if (d) {
		uav_take_rule(d, &p->t->env.uav_rules[n], n);
		passage_leave(p, s, slot);
		return;
	}
	(void) pthread_mutex_unlock(&s->lock);
}

void dot11_make_ready(struct passage *p, struct packet *packet, struct frame *f)
{
	p->decrypted = p->t->conf.n_wep_keys && decrypt(p->t, p->source, f);
	if (p->t->conf.hide_data)
		hide(packet, f);
}
