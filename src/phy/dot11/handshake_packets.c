/* The frames of handshakes as others take them home. */
#include "phy/dot11/handshake_packets.h"

#include <stdlib.h>

#include "base/mem.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/handshake.h"
#include "phy/dot11/key_frames.h"

static void add(struct dot11_packets *to, const struct dot11_packet *p)
{
	if (!p)
		return;
	xgrow(to->items, to->n + 1);
	to->items[to->n] = (struct dot11_ordered){*p, to->n};
	to->n++;
}

static void add_client(const struct dot11_handshake *h, struct arena *arena, struct dot11_packets *to)
{
	const struct field_items keys = dot11_handshake_keys(h, arena);
	const struct dot11_eapol *frames = keys.items;
	struct key_frame *facts = dot11_handshake_facts(h);
	bool *misleading = arena_alloc(arena, keys.count + 1u);

	handshake_mark_misleading(facts, keys.count, misleading);
	for (uint32_t i = 0; i < keys.count; i++) {
		const struct dot11_packet packet = dot11_eapol_packet(&frames[i]);

		if (!misleading[i])
			add(to, &packet);
	}
	free(facts);
}

static int by_time(const void *a, const void *b)
{
	const struct dot11_ordered *x = a, *y = b;

	if (x->packet.time_us != y->packet.time_us)
		return x->packet.time_us < y->packet.time_us ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void sort(struct dot11_packets *p)
{
	if (p->n)
		qsort(p->items, p->n, sizeof(*p->items), by_time);
}

void dot11_handshake_packets(const struct dot11_device *ap, const struct mac *client, struct arena *arena,
			     struct dot11_packets *ret)
{
	if (!ap->keys)
		return;
	add(ret, ap->keys->beacon_packet);
	for (uint32_t i = 0; i < ap->keys->handshakes.count; i++)
		if (!client || mac_equal(client, &ap->keys->handshakes.items[i].client))
			add_client(&ap->keys->handshakes.items[i], arena, ret);
	sort(ret);
}

void dot11_pmkid_packets(const struct dot11_device *ap, struct dot11_packets *ret)
{
	if (!ap->keys || !ap->keys->pmkid_packet)
		return;
	add(ret, ap->keys->beacon_packet);
	add(ret, ap->keys->pmkid_packet);
	sort(ret);
}
