/* Writing pcapng blocks (draft-ietf-opsawg-pcapng) and classic pcap into a buffer. Pure but for the
 * writer's own state: one interface for each source and link type, described when it is first used. */
#pragma once
#include "base/buf.h"
#include "feed/packets.h"

#define PCAPNG_INTERFACES_MAX 1024

struct pcapng_interface {
	uint16_t source, linktype;
};

struct pcapng {
	/* Names of a source; text lives until the call returns. */
	void (*name_source)(void *ctx, uint16_t source, char ret_name[256], char ret_description[256]);
	void *ctx;
	struct pcapng_interface interfaces[PCAPNG_INTERFACES_MAX];
	uint32_t n_interfaces;
};

/* The section header, which every file begins with. */
void pcapng_begin(struct buf *out);
/* One packet, after a description of its interface when that is new. Options: hash, number, position. */
void pcapng_packet(struct pcapng *p, struct buf *out, const struct packet_summary *s, const uint8_t *data);

/* Classic pcap in microseconds, little endian. */
void pcap_begin(struct buf *out, uint32_t linktype, uint32_t snaplen);
void pcap_packet(struct buf *out, uint64_t time_us, const uint8_t *data, uint32_t n);
