/* DHCP and ARP of stations whose traffic is not encrypted. */
#include <string.h>

#include "base/json_out.h"
#include "detect/rules/functions.h"

#define TEXT_MAX 128 /* octets of a text that the record keeps */
enum { DHCP_DISCOVER = 1, DHCP_OFFER = 2, DHCP_REQUEST = 3, DHCP_ACK = 5, DHCP_NAK = 6 };

static const struct dot11_client_more *client_of(const struct rule_ctx *l)
{
	for (uint32_t i = 0; i < l->dot11->record->clients.count; i++)
		if (mac_equal(&l->dot11->record->clients.items[i].bssid, &l->f->bssid))
			return l->dot11->record->clients.items[i].more;
	return NULL;
}

/* True when the frame is a DHCP request with another text than the record has. */
static bool text_changes(const struct rule_ctx *l, const char *known, struct span said)
{
	char shown[TEXT_MAX * 6 + 1];

	if (l->f->ip.kind != FRAME_IP_DHCP || said.left == 0 || !known || !*known ||
	    (l->f->ip.dhcp_message != DHCP_DISCOVER && l->f->ip.dhcp_message != DHCP_REQUEST) ||
	    !mac_equal(&l->f->source, &l->s->device->key.mac))
		return false;
	(void) air_text(said.p, said.left < TEXT_MAX ? said.left : TEXT_MAX, shown, sizeof(shown));
	return strcmp(shown, known) != 0;
}

RULE(dhcp_name_change)
{
	const struct dot11_client_more *c = client_of(l);

	return c && text_changes(l, c->dhcp_host, l->f->ip.host);
}

RULE(dhcp_os_change)
{
	const struct dot11_client_more *c = client_of(l);

	return c && text_changes(l, c->dhcp_vendor, l->f->ip.vendor);
}

/* A message of a client; servers repeat its identifier (RFC 6842). */
static bool client_asks(const struct frame_ip *ip)
{
	return ip->kind == FRAME_IP_DHCP && ip->dhcp_message != DHCP_OFFER && ip->dhcp_message != DHCP_ACK &&
	       ip->dhcp_message != DHCP_NAK;
}

/* RFC 2132 9.14: hardware type 1 and an Ethernet address. */
RULE(dhcp_client_id)
{
	struct span id = l->f->ip.client_id;
	struct mac mac;

	if (!client_asks(&l->f->ip) || id.left != 7 || span_u8(&id) != 1)
		return false;
	mac = mac_from(span_take(&id, 6));
	e->a = mac_u64(&mac);
	return !mac_equal(&mac, &l->f->source);
}

/* RFC 5227, 3927: an address probe comes from a station without one, and link-local addresses are not assigned. */
static bool is_given(uint32_t ip)
{
	return ip && ip >> 16 != 0xa9fe;
}

/* An ARP that comes from another address than DHCP gave. */
RULE(dhcp_conflict)
{
	const struct dot11_client_more *c = client_of(l);

	if (!c || l->f->ip.kind != FRAME_IP_ARP || c->ip_kind != FRAME_IP_DHCP || c->ip_address == 0 ||
	    !mac_equal(&l->f->source, &l->s->device->key.mac))
		return false;
	e->a = l->f->ip.address;
	e->b = c->ip_address;
	return is_given((uint32_t) e->a) && e->a != e->b;
}
