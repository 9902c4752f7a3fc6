/* Servers that log users in show a certificate: what stands in for them has another. */
#include "detect/rules/functions.h"

#include "base/crc.h"
#include "base/mem.h"
#include "wire/dot11/server_certificate.h"

enum { EAP_REQUEST = 1 };

/* The name of the network that the login is for; false when it is hidden, or there are several. */
static bool name_of(const struct dot11_device *x, struct ssid *ret)
{
	if (x->advertised.count != 1 || x->advertised.items[0].cloaked)
		return false;
	*ret = x->advertised.items[0].ssid;
	return ret->len > 0;
}

static uint32_t sum_of(struct span s)
{
	return crc_32(s.p, s.left) | 1;
}

RULE(certificate_shown)
{
	struct server_certificate c;

	if (l->f->eap_code != EAP_REQUEST || !mac_equal(&l->f->source, &l->f->bssid) || l->f->eap_type < 13)
		return false;
	if (!name_of(l->dot11->record, &e->ssid) || !server_certificate_read(l->f->payload, &c))
		return false;
	e->a = sum_of(c.key);
	e->b = sum_of(c.issuer);
	return true;
}

/* One that was not shown for the name before. Its like are: another of the same issuer by the same maker's access
 * points, as a network with several servers has, or one whose certificate was renewed. */
RULE(certificate_changed)
{
	struct name_rule_state *w = l->name;
	struct name_certificate now = {
		.key = (uint32_t) e->a, .issuer = (uint32_t) e->b, .bssid = l->packet->bssid, .shown = true};
	const struct name_certificate *before = NULL;
	bool like = false;

	if (!w->certificates)
		w->certificates = xnew(struct name_certificate, NAME_CERTIFICATES);
	for (const struct name_certificate *c = w->certificates; c < w->certificates + NAME_CERTIFICATES; c++) {
		if (!c->shown)
			continue;
		if (c->key == now.key)
			return false;
		before = c;
		like |= c->issuer == now.issuer && same_vendor(&c->bssid, &now.bssid);
	}
	w->certificates[w->next_certificate] = now;
	w->next_certificate = (uint8_t) ((w->next_certificate + 1) % NAME_CERTIFICATES);
	if (!before || like)
		return false;
	e->a = mac_u64(&before->bssid);
	return true;
}
