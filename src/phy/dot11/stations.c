#include "phy/dot11/stations.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/mem.h"
#include "field/list.h"
#include "phy/dot11/space.h"

static struct dot11_client *find_client(struct dot11_device *x, const struct mac *bssid)
{
	for (uint32_t i = 0; i < x->clients.count; i++)
		if (mac_equal(&x->clients.items[i].bssid, bssid))
			return &x->clients.items[i];
	return NULL;
}

static struct dot11_client_more *more_of(struct dot11_client *c)
{
	if (!c->more)
		c->more = xnew(struct dot11_client_more, 1);
	return c->more;
}

static void keep_more(struct dot11_client *c, size_t member, struct span text)
{
	if (text.left)
		device_keep_text((char **) (void *) ((char *) more_of(c) + member), text);
}
#define KEEP(c, member, text) keep_more(c, offsetof(struct dot11_client_more, member), text)

/* What ARP and DHCP say of the station that sent the frame, or that a DHCP server answers. */
static void observe_ip(const struct packet_ctx *p, struct dot11_client *c, bool sent)
{
	const struct frame_ip *ip = &frame_of(p)->ip;
	struct dot11_client_more *m;

	if (ip->kind == FRAME_IP_ARP && sent && more_of(c)->ip_kind != FRAME_IP_DHCP) {
		m = more_of(c);
		m->ip_kind = FRAME_IP_ARP;
		m->ip_address = ip->address;
	}
	if (ip->kind == FRAME_IP_DHCP && !sent && ip->address && ip->dhcp_message == 5) {
		m = more_of(c);
		m->ip_kind = FRAME_IP_DHCP;
		m->ip_address = ip->address;
		m->ip_netmask = ip->netmask;
		m->ip_gateway = ip->gateway;
	}
	if (ip->kind == FRAME_IP_DHCP && sent) {
		KEEP(c, dhcp_host, ip->host);
		KEEP(c, dhcp_vendor, ip->vendor);
	}
}

/* Identities: EAP, and switches and routers behind the access point. */
static void observe_names(const struct frame *f, struct dot11_client *c)
{
	KEEP(c, eap_identity, f->eap_identity);
	if (f->discovery.kind == FRAME_DISCOVERY_CDP) {
		KEEP(c, cdp_device, f->discovery.device);
		KEEP(c, cdp_port, f->discovery.port);
	} else if (f->discovery.kind == FRAME_DISCOVERY_LLDP) {
		KEEP(c, lldp_device, f->discovery.device);
		KEEP(c, lldp_port, f->discovery.port);
	}
}

static void observe_client_data(const struct packet_ctx *p, struct dot11_client *c, bool sent)
{
	const struct frame *f = p->frame;

	observe_ip(p, c, sent);
	if (sent)
		observe_names(f, c);
	if (sent)
		c->tx_crypt |= f->data_crypt;
	else
		c->rx_crypt |= f->data_crypt;
	c->decrypted |= space_of(p)->decrypted;
	c->retries += f->retry;
	c->fragments += f->more_fragments;
	c->datasize += p->data_len;
	if (f->retry)
		c->datasize_retry += p->data_len;
}

/* The station remembers the access point, or the other station, that it talks with. */
static void link_to(const struct packet_ctx *p, const struct mac *own, struct dot11_device *x, const struct mac *bssid)
{
	struct dot11_client *c;

	if (!addressable(bssid) || mac_equal(own, bssid))
		return;
	c = find_client(x, bssid);
	if (!c) {
		if (limit_full(LIMIT_CLIENTS, x->clients.count))
			return;
		c = list_add((struct list *) &x->clients, sizeof(*c), NULL);
		*c = (struct dot11_client){.bssid = *bssid, .first_sec = p->packet_sec};
	}
	(void) clock_seen(&c->first_sec, &c->last_sec, p->packet_sec, p->server_sec);
	if (p->packet->position.fix >= POSITION_FIX_2D)
		location_update(&more_of(c)->location, &p->packet->position, p->server_sec);
	if (!p->duplicate && frame_of(p)->type == FRAME_DATA)
		observe_client_data(p, c, mac_equal(own, &frame_of(p)->source));
}

void dot11_link_to_ap(const struct packet_ctx *p, const struct mac *own, struct dot11_device *x)
{
	link_to(p, own, x, &frame_of(p)->bssid);
}

void dot11_link_client(const struct packet_ctx *p, struct dot11_device *ap, const struct mac *client)
{
	if (conf_of(p)->ap_only)
		return;
	for (uint32_t i = 0; i < ap->associated.count; i++)
		if (mac_equal(&ap->associated.items[i], client))
			return;
	if (!limit_full(LIMIT_CLIENTS, ap->associated.count))
		*(struct mac *) list_add((struct list *) &ap->associated, sizeof(*client), NULL) = *client;
}

const struct mac *dot11_station_of(const struct packet_ctx *p)
{
	const struct frame *f = p->frame;

	if (mac_equal(&f->source, &f->bssid))
		return addressable(&f->destination) ? &f->destination : NULL;
	return addressable(&f->source) ? &f->source : NULL;
}

static void link_other(const struct packet_ctx *p, const struct mac *own, struct dot11_device *x,
		       const struct mac *client)
{
	if (addressable(client) && !mac_equal(own, client))
		dot11_link_client(p, x, client);
}

/* Stations of one network that talk directly (To DS and From DS 0): an ad-hoc network, a direct link (TDLS),
 * loudspeakers among themselves. Each has the network and the other station; the network has both. */
static void link_direct(const struct packet_ctx *p, enum role role, const struct mac *own, struct dot11_device *x)
{
	const struct frame *f = p->frame;

	if (role == ROLE_BSSID) {
		link_other(p, own, x, &f->source);
		link_other(p, own, x, &f->destination);
		return;
	}
	dot11_link_to_ap(p, own, x);
	link_to(p, own, x, role == ROLE_SOURCE ? &f->destination : &f->source);
}

/* Four addresses: both ends have each other, and those behind them. */
static void link_backhaul(const struct packet_ctx *p, enum role role, const struct mac *own, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	const struct mac *near = role == ROLE_TRANSMITTER || role == ROLE_SOURCE ? &f->transmitter : &f->receiver;
	const struct mac *far = role == ROLE_TRANSMITTER ? &f->receiver : &f->transmitter;

	if (role != ROLE_TRANSMITTER && role != ROLE_RECEIVER) {
		link_to(p, own, x, near);
		return;
	}
	link_to(p, own, x, far);
	link_other(p, own, x, far);
	link_other(p, own, x, role == ROLE_TRANSMITTER ? &f->source : &f->destination);
}

void dot11_link_stations(const struct packet_ctx *p, enum role role, const struct mac *own, struct dot11_device *x)
{
	const struct frame *f = p->frame;

	if (f->distribution == DIST_ADHOC) {
		link_direct(p, role, own, x);
	} else if (f->distribution == DIST_INTER_DS) {
		link_backhaul(p, role, own, x);
	} else if (role != ROLE_BSSID) {
		dot11_link_to_ap(p, own, x);
	} else {
		if (dot11_station_of(p))
			dot11_link_client(p, x, dot11_station_of(p));
		/* What comes from behind the access point goes to a client of its. */
		if (f->distribution == DIST_FROM_DS && addressable(&f->destination))
			dot11_link_client(p, x, &f->destination);
	}
}
