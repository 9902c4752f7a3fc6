/* What stations say to each other on a local network in clear that somebody else may forge: ARP (RFC 826), DHCP (RFC
 * 2131, 8415), ICMP redirects (RFC 792, 4861 4.5), router advertisements (RFC 4861 4.2), answers for names by LLMNR
 * (RFC 4795) and NetBIOS (RFC 1002 4.2). */
#pragma once
#include "base/mac.h"
#include "base/span.h"

enum lan_kind {
	LAN_NONE,
	LAN_ARP,         /* address, hardware: the sender's; reply */
	LAN_DHCP_CLIENT, /* hardware: the client's (chaddr) */
	LAN_DHCP_SERVER, /* an offer, an acknowledgement or a refusal; of DHCPv6 an advertisement or a reply */
	LAN_REDIRECT,
	LAN_ROUTER, /* an advertisement of a router that wants to be the default one (lifetime above 0) */
	LAN_NAME,   /* an answer for a name; name */
};
struct lan_message {
	uint8_t kind; /* enum lan_kind */
	bool reply;
	uint32_t address; /* IPv4 */
	struct mac hardware;
	struct span name; /* as it is on the wire: labels of LLMNR, the 15 coded octets of NetBIOS */
};

/* Reads what follows LLC/SNAP. LAN_NONE when it is something else, or cut. Any thread. */
struct lan_message lan_read(uint16_t ethertype, struct span payload);
