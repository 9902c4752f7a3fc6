/* The parts of the dissector; for wire's own files. Each takes a span by value or moves one forward,
 * and fills the frame only when what it read was whole. */
#pragma once
#include "wire/dot11/known.h"

void parse_management(struct span body, struct known_lists *known, struct frame *f);
/* The slot of the frame's transmitter and subtype; NULL: its elements are not kept (known.c). */
struct known_list *known_list_of(struct known_lists *known, const struct frame *f);
/* The index, name and channel of a list of elements: what is known, which may be NULL, or read and learnt. */
void parse_elements(struct span list, struct known_list *known, struct frame *f);
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
