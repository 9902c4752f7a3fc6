/* What follows from an 802.11 record that came back from a log: views, encryption, and names over all devices. */
#include "phy/dot11/restored.h"

#include "phy/dot11/fields.h"
#include "phy/dot11/show.h"
#include "phy/dot11/space.h"

static void observe_names(struct ssids *t, const struct device *d, const struct dot11_advertised *a, uint32_t n,
			  enum ssid_role role)
{
	for (uint32_t i = 0; i < n; i++) {
		struct ssid_observation h = {.ssid = a[i].ssid,
					     .role = role,
					     .device = d->key,
					     .hash = a[i].hash,
					     .packet_sec = a[i].first_sec,
					     .server_sec = d->mod_sec,
					     .crypt = a[i].crypt};

		if (a[i].cloaked || a[i].ssid.len == 0)
			continue;
		ssids_observe(t, &h);
		h.packet_sec = a[i].last_sec;
		ssids_observe(t, &h);
	}
}

static void observe_probed(struct ssids *t, const struct device *d, const struct dot11_device *x)
{
	for (uint32_t i = 0; i < x->probed.count; i++) {
		const struct dot11_probed *p = &x->probed.items[i];
		struct ssid_observation h = {.ssid = p->ssid,
					     .role = SSID_PROBING,
					     .device = d->key,
					     .hash = p->hash,
					     .packet_sec = p->first_sec,
					     .server_sec = d->mod_sec,
					     .crypt = p->crypt};

		if (p->ssid.len == 0)
			continue;
		ssids_observe(t, &h);
		h.packet_sec = p->last_sec;
		ssids_observe(t, &h);
	}
}

static void know_crypt(struct device *d, const struct dot11_device *x)
{
	const struct dot11_advertised *a = dot11_latest_network(x);

	d->crypt_bits = a ? a->crypt : d->crypt_bits;
	d->crypt_known = true;
}

void dot11_restored(void *state, struct device *d)
{
	struct ssids *names = ((struct dot11_state *) state)->ssids;
	const struct dot11_device *x = device_part(d, PHY_DOT11);

	if (!x)
		return;
	dot11_set_views(d, x);
	if (!d->crypt_known && x->has_last_advertised)
		know_crypt(d, x);
	if (!names)
		return;
	observe_names(names, d, x->advertised.items, x->advertised.count, SSID_ADVERTISING);
	observe_names(names, d, x->responded.items, x->responded.count, SSID_RESPONDING);
	observe_probed(names, d, x);
}
