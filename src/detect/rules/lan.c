/* Who forges ARP, DHCP, routers and names on a network in clear. State is the network's: struct lan_state. */
#include "base/crc.h"
#include "detect/rules/functions.h"
#include "wire/dot11/lan.h"

/* The message of that kind that the frame brings. A station sends it itself: what the access point relays, and what
 * comes from behind it, is left out. */
static bool from_station(const struct rule_ctx *l, uint8_t kind)
{
	return l->f->lan == kind && (l->f->distribution == DIST_TO_DS || l->f->distribution == DIST_ADHOC);
}

/* Counts a message of the sender; another one takes its room when it has been silent for the rule's time. */
static uint32_t count(const struct rule_ctx *l, struct lan_sender *s)
{
	uint64_t now_us = l->packet->time_us, last_us = s->window.first_us + UINT64_C(1000) * s->window.last_ms;

	if (!mac_equal(&s->mac, &l->f->source)) {
		if (s->window.frames > l->numbers->most && now_us < last_us + within_us(l))
			return 0;
		*s = (struct lan_sender){.mac = l->f->source};
	}
	return rate_window_count(&s->window, now_us, within_us(l));
}

static bool too_many(const struct rule_ctx *l, struct lan_sender *s, struct effect *e)
{
	if (count(l, s) <= l->numbers->most)
		return false;
	report_window(e, &s->window);
	return true;
}

RULE(dhcp_server)
{
	struct lan_state *s = from_station(l, LAN_DHCP_SERVER) ? lan_state_of(l->s->device) : NULL;

	return s && too_many(l, &s->server, e);
}

RULE(icmp_redirect)
{
	struct lan_state *s = from_station(l, LAN_REDIRECT) ? lan_state_of(l->s->device) : NULL;

	return s && too_many(l, &s->redirects, e);
}

RULE(router_advertised)
{
	struct lan_state *s = from_station(l, LAN_ROUTER) ? lan_state_of(l->s->device) : NULL;

	return s && too_many(l, &s->router, e);
}

/* In the name of others from its own address, as dhcpstarv does. */
static bool asks_for_many(const struct rule_ctx *l, struct lan_state *s, const struct mac *asked, struct effect *e)
{
	if (!mac_equal(&s->starving.mac, &l->f->source) ||
	    l->packet->time_us > s->starving.window.first_us + within_us(l))
		s->invented.n = s->invented.next = 0;
	if (recent_macs_have(&s->invented, asked))
		return false;
	recent_macs_add(&s->invented, asked);
	return too_many(l, &s->starving, e);
}

/* Each from an address of its own, as yersinia does: more than join at a time. */
static bool are_many(const struct rule_ctx *l, struct lan_state *s, const struct mac *asked, struct effect *e)
{
	if (recent_macs_have(&s->clients, asked))
		return false;
	recent_macs_add(&s->clients, asked);
	if (rate_window_count(&s->asking, l->packet->time_us, UINT64_C(1000) * l->numbers->slow_within_ms) <=
	    l->numbers->slow_most)
		return false;
	report_window(e, &s->asking);
	return true;
}

RULE(dhcp_starvation)
{
	struct lan_state *s = from_station(l, LAN_DHCP_CLIENT) ? lan_state_of(l->s->device) : NULL;
	struct mac asked;

	if (!s)
		return false;
	asked = lan_read(l->f->ethertype, l->f->payload).hardware;
	return mac_equal(&asked, &l->f->source) ? are_many(l, s, &asked, e) : asks_for_many(l, s, &asked, e);
}

/* Answers for names, by who sends them: of each the different ones within the rule's time. */
static struct lan_names *names_of(const struct rule_ctx *l, struct lan_state *s)
{
	struct lan_names *oldest = s->names;

	for (size_t i = 0; i < LAN_SENDERS; i++) {
		if (mac_equal(&s->names[i].mac, &l->f->source) &&
		    l->packet->time_us <= s->names[i].first_us + within_us(l))
			return &s->names[i];
		if (s->names[i].first_us < oldest->first_us || mac_equal(&s->names[i].mac, &l->f->source))
			oldest = &s->names[i];
	}
	*oldest = (struct lan_names){.mac = l->f->source, .first_us = l->packet->time_us};
	return oldest;
}

RULE(names_answered)
{
	struct lan_state *s = from_station(l, LAN_NAME) ? lan_state_of(l->s->device) : NULL;
	struct lan_message m;
	struct lan_names *n;
	uint32_t hash;

	if (!s)
		return false;
	m = lan_read(l->f->ethertype, l->f->payload);
	hash = crc_32(m.name.p, m.name.left);
	n = names_of(l, s);
	for (uint32_t i = 0; i < n->n && i < LAN_NAMES_MAX; i++)
		if (n->hash[i] == hash)
			return false;
	n->hash[n->n++ % LAN_NAMES_MAX] = hash;
	if (n->n <= l->numbers->most)
		return false;
	e->a = e->frames = n->n;
	e->first_us = n->first_us;
	return true;
}

/* Virtual routers have an address that moves between machines: VRRP (RFC 5798), CARP, and HSRP and GLBP of Cisco. */
static bool is_virtual(const struct mac *m)
{
	return mac_u64(m) >> 16 == 0x00005e00 || mac_u64(m) >> 16 == 0x00000c07 || mac_u64(m) >> 16 == 0x00000c9f ||
	       mac_u64(m) >> 16 == 0x0007b400;
}

static struct lan_claim *claim_of(struct lan_state *s, const struct lan_message *m)
{
	struct lan_claim *oldest = s->claims;

	for (size_t i = 0; i < LAN_CLAIMS; i++) {
		if (s->claims[i].address == m->address)
			return &s->claims[i];
		if (s->claims[i].owner_us < oldest->owner_us)
			oldest = &s->claims[i];
	}
	*oldest = (struct lan_claim){.address = m->address, .owner = m->hardware};
	return oldest;
}

/* How many addresses that others own a station claims. */
static uint32_t claimed_by(const struct lan_state *s, const struct mac *rival)
{
	uint32_t n = 0;

	for (size_t i = 0; i < LAN_CLAIMS; i++)
		n += s->claims[i].address && mac_equal(&s->claims[i].rival, rival);
	return n;
}

/* A station that changed its address goes on with its IPv4 address, and a server gives one of somebody who left to
 * another: then the owner is silent, and after a while the address is the rival's. */
RULE(arp_poisoning)
{
	struct lan_state *s = l->f->lan == LAN_ARP ? lan_state_of(l->s->device) : NULL;
	uint64_t now_us = l->packet->time_us;
	struct lan_message m;
	struct lan_claim *c;

	if (!s)
		return false;
	m = lan_read(l->f->ethertype, l->f->payload);
	c = claim_of(s, &m);
	if (mac_equal(&c->owner, &m.hardware) || now_us > c->owner_us + within_us(l) || is_virtual(&m.hardware)) {
		if (!mac_equal(&c->owner, &m.hardware))
			*c = (struct lan_claim){.address = m.address, .owner = m.hardware};
		c->owner_us = now_us;
		return false;
	}
	if (!mac_equal(&c->rival, &m.hardware) || now_us > c->rival_us + within_us(l)) {
		c->rival = m.hardware;
		c->claims = 0;
		c->since_us = now_us;
	}
	c->rival_us = now_us;
	if (c->claims < UINT16_MAX)
		c->claims++;
	if (c->claims <= l->numbers->most || (c->owner_us <= c->since_us && claimed_by(s, &m.hardware) < 2))
		return false;
	e->a = mac_u64(&c->owner);
	e->b = m.address;
	e->frames = c->claims;
	e->first_us = c->since_us;
	return true;
}
