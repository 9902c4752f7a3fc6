/* The parts of the dissector; for wire's own files. Each takes a span by value or moves one forward,
 * and fills the frame only when what it read was whole. */
#pragma once
#include "wire/dot11/frame.h"

#define IES_MAX 512 /* elements looked at in one frame */

void parse_management(struct span body, struct frame *f);
void parse_elements(struct span ies, struct frame *f);
void parse_data(struct span body, struct frame *f);
/* IEEE 802.11-2020 9.4.2.24 and the WPA element that came before it. */
void parse_rsn(struct span s, struct frame *f);
void parse_wpa(struct span s, struct frame *f);
/* Wi-Fi Simple Configuration 2.0.8, 12: attributes. */
void parse_wps(struct span s, struct frame *f);
/* IEEE 802.11ax-2021 9.4.2.248, 249; 802.11be D5.0 9.4.2.311, 313: behind the extension's number. */
void parse_he_cap(struct span s, struct frame *f);
void parse_he_op(struct span s, struct frame *f);
void parse_eht_cap(struct span s, struct frame *f);
void parse_eht_op(struct span s, struct frame *f);
/* ARP and DHCP, by the frame's ethertype. */
void parse_ip(struct span s, struct frame *f);
/* Cisco's discovery protocol, and LLDP (IEEE 802.1AB-2016 8): who a switch says that it is. */
void parse_cdp(struct span s, struct frame *f);
void parse_lldp(struct span s, struct frame *f);
/* IEEE 802.1X-2020 11: EAPOL; key frames as IEEE 802.11-2020 12.7.2. */
void parse_eapol(struct span s, struct frame *f);
