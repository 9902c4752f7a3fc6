#include "phy/dot11/read.h"

#include <stdlib.h>

#include "base/mem.h"
#include "phy/dot11/space.h"
#include "phy/uav/uav.h"
#include "phy/uav/uav_rules.h"
#include "track/packet_ctx.h"
#include "wire/dot11/tags.h"

/* The addresses of a frame (IEEE 802.11-2020 9.3.1: at octets 4, 10 and 16), before it is read. */
void dot11_fetch(const struct packet_ctx *p, const struct packet *packet)
{
	for (size_t at = 4; at <= 16 && packet->mpdu.left >= 24; at += 6) {
		struct mac mac;

		memcpy(&mac, packet->mpdu.p + at, sizeof(mac));
		if (!mac_is_group(&mac))
			device_prefetch(p, &mac);
	}
}

/* The payload of data frames is hidden; key frames carry none. */
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
static bool decrypt(const struct packet_ctx *p, struct frame *f)
{
	const struct dot11_conf *conf = conf_of(p);
	struct dot11_source *s = p->of_source;
	struct span clear;

	if (!f->protected_ || f->type != FRAME_DATA)
		return false;
	for (uint32_t i = 0; i < conf->n_wep_keys; i++) {
		const struct dot11_wep_key *k = &conf->wep_keys[i];

		if (!mac_matches(&f->bssid, &k->bssid))
			continue;
		if (!wep_decrypt(f->body, &k->key, s->clear, &clear))
			continue;
		frame_read_clear(f, clear);
		return true;
	}
	return false;
}

int dot11_dissect(struct packet *packet, void *space, void *of_source)
{
	struct frame *f = &((struct dot11_space *) space)->frame;
	struct dot11_source *s = of_source;
	int r = frame_dissect_known(packet->mpdu, s ? &s->known : NULL, f);

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

void dot11_match_uav(const struct packet_ctx *p)
{
	const struct uav_conf *c = uav_rules(p->t);
	const struct dot11_space *own = space_of(p);
	struct device *d;
	struct shard *s;
	uint32_t slot;
	uint16_t n = 0;

	while (n < c->n_rules && !uav_rule_matches(&c->rules[n], &own->uav.mac, &own->uav.ssid))
		n++;
	d = n < c->n_rules ? device_lock_known(p, &own->uav.mac, &s, &slot) : NULL;
	if (!d)
		return;
	uav_take_rule(d, &c->rules[n], n);
	device_unlock(p, s, slot);
}

void dot11_make_ready(struct packet_ctx *p, struct packet *packet, struct frame *f)
{
	space_of(p)->decrypted = conf_of(p)->n_wep_keys && decrypt(p, f);
	if (hides_data(p))
		hide(packet, f);
}
