/* Packets for listeners: logs and streams. A source's thread copies each packet once, with a
 * summary, into its current block; a full or stale block is shared by all listeners and never changes.
 * Without a listener a packet costs one load. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "wire/packet.h"

#define FEED_BLOCK_BYTES (256 * 1024)
#define FEED_STALE_US 50000
#define FEED_SOURCES_MAX 1024
#define FEED_LISTENERS_MAX 128

/* What listeners know of a packet beside its octets. */
struct packet_summary {
	uint64_t number, time_us;
	uint16_t source, linktype;
	uint32_t captured, length; /* octets here and on the air */
	uint32_t freq_khz, hash;
	uint8_t phy; /* its number; PACKET_PHY_NONE when nothing dissects it */
	int8_t signal_dbm, noise_dbm;
	bool has_signal, has_noise, duplicate, broken, is_data;
	uint32_t rate_100kbps;
	struct mac bssid, sender, destination, transmitter;
	/* Octets of the kind's name when it is no packet but a report: name, NUL and JSON text replace
	 * its octets. 0: it is a packet. */
	uint16_t report;
	/* Where in its octets the frame lies without the radio's header and what stands behind it, as far as they are
	 * here; bad: it is damaged. */
	struct {
		uint32_t at, octets;
		uint16_t link; /* enum linktype */
		bool bad;
	} frame;
	struct packet_tags tags;
	struct position position;
};

struct packet_block;
/* The packet at *at, which starts as 0 and moves on; NULL at the end. Its octets follow. */
const struct packet_summary *packet_block_next(const struct packet_block *b, uint32_t *at, const uint8_t **ret_data);
void packet_block_release(struct packet_block *b);

struct feed;
struct feed *feed_create(void);
void feed_destroy(struct feed *f);
/* True while there is a listener. */
bool feed_active(const struct feed *f);
/* Copies one packet; its source's thread. Waits for lossless listeners when `patient`, else they lose
 * the block, counted. */
void feed_packet(struct feed *f, const struct packet_summary *s, const uint8_t *data, bool patient);
/* Hands over what stale blocks hold; any thread. all: also those that are not stale. */
void feed_flush(struct feed *f, bool all);

struct feed_listener;
/* NULL when there are too many. lossless: sources that can wait do when the queue is full. */
struct feed_listener *feed_listen(struct feed *f, bool lossless, size_t queue_bytes);
void feed_unlisten(struct feed *f, struct feed_listener *l);
/* The next block, which the caller releases; NULL when there is none. */
struct packet_block *feed_take(struct feed_listener *l);
bool feed_has(struct feed_listener *l);
/* Waits until there is a block, at most that long. */
void feed_wait(struct feed_listener *l, uint32_t milliseconds);
/* Packets that the listener lost; lives as long as the listener. */
const _Atomic uint64_t *feed_lost(const struct feed_listener *l);
/* Packets that listeners lost that are not lossless, closed ones too. */
uint64_t feed_lost_by_readers(const struct feed *f);
/* Octets that wait for the listener. Any thread. */
size_t feed_waiting(struct feed_listener *l);
