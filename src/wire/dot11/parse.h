/* The parts of the dissector; for wire's own files. Each takes a span by value or moves one forward,
 * and fills the frame only when what it read was whole. */
#pragma once
#include "wire/dot11/frame.h"

void parse_management(struct span body, struct frame *f);
/* By the index of its elements: name and channel. */
void parse_names(struct frame *f);
/* An S1G beacon (IEEE 802.11-2020 9.3.4.3) behind its frame control. */
void parse_s1g_beacon(struct span body, uint16_t frame_control, struct frame *f);
void parse_data(struct span body, struct frame *f);
/* ARP and DHCP, by the frame's ethertype. */
void parse_ip(struct span s, struct frame *f);
/* Cisco's discovery protocol, and LLDP (IEEE 802.1AB-2016 8): who a switch says that it is. */
void parse_cdp(struct span s, struct frame *f);
void parse_lldp(struct span s, struct frame *f);
/* IEEE 802.1X-2020 11: EAPOL; key frames as IEEE 802.11-2020 12.7.2. */
void parse_eapol(struct span s, struct frame *f);
