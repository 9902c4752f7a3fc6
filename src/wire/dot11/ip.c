/* The little IP that says something about a device: ARP (RFC 826) and DHCP (RFC 2131, 2132). */
#include <string.h>

#include "wire/dot11/parse.h"

enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_ARP = 0x0806 };
enum { PROTOCOL_UDP = 17, PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68 };
enum {
	OPT_NETMASK = 1,
	OPT_ROUTER = 3,
	OPT_HOST = 12,
	OPT_MESSAGE = 53,
	OPT_VENDOR = 60,
	OPT_CLIENT = 61,
	OPT_PAD = 0,
	OPT_END = 255
};
#define DHCP_MAGIC 0x63825363u
#define DHCP_OPTIONS_MAX 128

static void parse_arp(struct span s, struct frame *f)
{
	uint32_t ip;

	if (span_be16(&s) != 1 || span_be16(&s) != ETHERTYPE_IPV4 || span_be16(&s) != 0x0604)
		return;
	span_skip(&s, 2 + 6); /* operation, sender's hardware address */
	ip = span_be32(&s);
	if (s.bad || ip == 0)
		return;
	f->ip.kind = FRAME_IP_ARP;
	f->ip.address = ip;
}

static void dhcp_option(uint8_t id, struct span body, struct frame_ip *ip)
{
	switch (id) {
	case OPT_NETMASK: ip->netmask = span_be32(&body); break;
	case OPT_ROUTER: ip->gateway = span_be32(&body); break;
	case OPT_HOST: ip->host = body; break;
	case OPT_MESSAGE: ip->dhcp_message = span_u8(&body); break;
	case OPT_VENDOR: ip->vendor = body; break;
	case OPT_CLIENT: ip->client_id = body; break;
	default: break;
	}
}

static void parse_dhcp(struct span s, struct frame *f)
{
	struct frame_ip ip = {.kind = FRAME_IP_DHCP};

	span_skip(&s, 16); /* operation to client address */
	ip.address = span_be32(&s);
	span_skip(&s, 4 + 4 + 16 + 64 + 128); /* next server, relay, hardware address, names */
	if (span_be32(&s) != DHCP_MAGIC || s.bad)
		return;
	for (size_t i = 0; i < DHCP_OPTIONS_MAX && s.left; i++) {
		uint8_t id = span_u8(&s);
		struct span body;

		if (id == OPT_PAD)
			continue;
		if (id == OPT_END)
			break;
		body = span_sub(&s, span_u8(&s));
		if (s.bad || body.bad)
			break;
		dhcp_option(id, body, &ip);
	}
	f->ip = ip;
}

static void parse_ipv4(struct span s, struct frame *f)
{
	uint8_t version = span_u8(&s), protocol;
	uint16_t offset, from, to;

	span_skip(&s, 5);
	offset = span_be16(&s);
	span_skip(&s, 1);
	protocol = span_u8(&s);
	span_skip(&s, 10 + ((version & 15u) < 5 ? 0 : ((version & 15u) - 5) * 4));
	if (s.bad || version >> 4 != 4 || (offset & 0x1fff) || protocol != PROTOCOL_UDP)
		return;
	from = span_be16(&s);
	to = span_be16(&s);
	span_skip(&s, 4);
	if (!s.bad && ((from == PORT_DHCP_CLIENT && to == PORT_DHCP_SERVER) ||
		       (from == PORT_DHCP_SERVER && to == PORT_DHCP_CLIENT)))
		parse_dhcp(s, f);
}

void parse_ip(struct span s, struct frame *f)
{
	if (f->ethertype == ETHERTYPE_ARP)
		parse_arp(s, f);
	else if (f->ethertype == ETHERTYPE_IPV4)
		parse_ipv4(s, f);
}
