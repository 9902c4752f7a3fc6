#include "wire/dot11/lan.h"

enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_ARP = 0x0806, ETHERTYPE_IPV6 = 0x86dd };
enum { PROTOCOL_ICMP = 1, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58 };
enum { ICMP_REDIRECT = 5, ICMPV6_ROUTER = 134, ICMPV6_REDIRECT = 137 };
enum { PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68, PORT_NETBIOS = 137, PORT_DHCPV6_SERVER = 547, PORT_LLMNR = 5355 };
enum { BOOTREQUEST = 1, BOOTREPLY = 2, DHCPV6_ADVERTISE = 2, DHCPV6_REPLY = 7 };
enum {
	NAME_LABELS_MAX = 32,
	NETBIOS_NAME = 32 /* coded */,
	NETBIOS_CODED = 30 /* of it without the kind of service */
};

static struct lan_message read_arp(struct span s)
{
	struct lan_message m = {.kind = LAN_ARP};

	if (span_be16(&s) != 1 || span_be16(&s) != ETHERTYPE_IPV4 || span_be16(&s) != 0x0604)
		return (struct lan_message){.kind = LAN_NONE};
	m.reply = span_be16(&s) == 2;
	m.hardware = mac_from(span_take(&s, 6));
	m.address = span_be32(&s);
	return m.address && !s.bad ? m : (struct lan_message){.kind = LAN_NONE};
}

static struct lan_message read_dhcp(struct span s, uint16_t from)
{
	uint8_t operation = span_u8(&s);
	struct lan_message m = {.kind = LAN_NONE};

	if (operation == BOOTREPLY && from == PORT_DHCP_SERVER)
		m.kind = LAN_DHCP_SERVER;
	else if (operation == BOOTREQUEST && from == PORT_DHCP_CLIENT)
		m.kind = LAN_DHCP_CLIENT;
	span_skip(&s, 27);
	m.hardware = mac_from(span_take(&s, 6));
	if (s.bad)
		m.kind = LAN_NONE;
	return m;
}

static struct lan_message read_dhcpv6(struct span s)
{
	uint8_t kind = span_u8(&s);

	return (struct lan_message){.kind = kind == DHCPV6_ADVERTISE || kind == DHCPV6_REPLY ? LAN_DHCP_SERVER
											     : LAN_NONE};
}

/* RFC 4795 2.1.1: a response without an error, with its question and an answer. */
static struct lan_message read_llmnr(struct span s)
{
	struct lan_message m = {.kind = LAN_NAME};
	uint16_t flags, answers;
	const uint8_t *begin;

	span_skip(&s, 2);
	flags = span_be16(&s);
	span_skip(&s, 2);
	answers = span_be16(&s);
	span_skip(&s, 4);
	begin = s.p;
	for (size_t i = 0; i < NAME_LABELS_MAX && !s.bad; i++) {
		uint8_t n = span_u8(&s);

		if (n == 0 || n > 63)
			break;
		span_skip(&s, n);
	}
	if (s.bad || !(flags & 0x8000) || (flags & 15) || answers == 0)
		return (struct lan_message){.kind = LAN_NONE};
	m.name = span_of(begin, (size_t) (s.p - begin));
	return m;
}

/* RFC 1002 4.2.13: a positive response to a query for a name. */
static struct lan_message read_netbios(struct span s)
{
	struct lan_message m = {.kind = LAN_NAME};
	uint16_t flags, answers;

	span_skip(&s, 2);
	flags = span_be16(&s);
	span_skip(&s, 2);
	answers = span_be16(&s);
	span_skip(&s, 4);
	if ((flags & 0xf80f) != 0x8000 || answers == 0 || span_u8(&s) != NETBIOS_NAME)
		return (struct lan_message){.kind = LAN_NONE};
	m.name = span_sub(&s, NETBIOS_CODED);
	return s.bad ? (struct lan_message){.kind = LAN_NONE} : m;
}

static struct lan_message read_udp(struct span s)
{
	uint16_t from = span_be16(&s), to = span_be16(&s);

	span_skip(&s, 4);
	if (s.bad)
		return (struct lan_message){.kind = LAN_NONE};
	if (from == PORT_DHCP_SERVER || (from == PORT_DHCP_CLIENT && to == PORT_DHCP_SERVER))
		return read_dhcp(s, from);
	switch (from) {
	case PORT_DHCPV6_SERVER: return read_dhcpv6(s);
	case PORT_LLMNR: return read_llmnr(s);
	case PORT_NETBIOS: return read_netbios(s);
	default: return (struct lan_message){.kind = LAN_NONE};
	}
}

static struct lan_message read_ipv4(struct span s)
{
	uint8_t version = span_u8(&s), protocol;
	uint16_t offset;

	span_skip(&s, 5);
	offset = span_be16(&s);
	span_skip(&s, 1);
	protocol = span_u8(&s);
	span_skip(&s, 10 + ((version & 15u) < 5 ? 0 : ((version & 15u) - 5) * 4));
	if (s.bad || version >> 4 != 4 || (offset & 0x1fff))
		return (struct lan_message){.kind = LAN_NONE};
	if (protocol == PROTOCOL_ICMP)
		return (struct lan_message){.kind = span_u8(&s) == ICMP_REDIRECT && !s.bad ? LAN_REDIRECT : LAN_NONE};
	return protocol == PROTOCOL_UDP ? read_udp(s) : (struct lan_message){.kind = LAN_NONE};
}

/* RFC 4861: code, checksum, hop limit and flags stand before the lifetime of a router. */
static struct lan_message read_icmpv6(struct span s)
{
	uint8_t type = span_u8(&s);
	uint16_t lifetime;

	span_skip(&s, 5);
	lifetime = span_be16(&s);
	if (s.bad)
		return (struct lan_message){.kind = LAN_NONE};
	if (type == ICMPV6_REDIRECT)
		return (struct lan_message){.kind = LAN_REDIRECT};
	return (struct lan_message){.kind = type == ICMPV6_ROUTER && lifetime ? LAN_ROUTER : LAN_NONE};
}

/* Without extension headers, which none of these messages needs (RFC 4861 asks for a hop limit of 255 alone). */
static struct lan_message read_ipv6(struct span s)
{
	uint8_t version = span_u8(&s), protocol;

	span_skip(&s, 5);
	protocol = span_u8(&s);
	span_skip(&s, 33);
	if (s.bad || version >> 4 != 6)
		return (struct lan_message){.kind = LAN_NONE};
	if (protocol == PROTOCOL_ICMPV6)
		return read_icmpv6(s);
	return protocol == PROTOCOL_UDP ? read_udp(s) : (struct lan_message){.kind = LAN_NONE};
}

struct lan_message lan_read(uint16_t ethertype, struct span payload)
{
	switch (ethertype) {
	case ETHERTYPE_ARP: return read_arp(payload);
	case ETHERTYPE_IPV4: return read_ipv4(payload);
	case ETHERTYPE_IPV6: return read_ipv6(payload);
	default: return (struct lan_message){.kind = LAN_NONE};
	}
}
