/* Use of channels over all devices: packets, octets and active devices of each frequency and each
 * channel. Sources add up a second by themselves and hand it over when it ends. */
#pragma once
#include <pthread.h>

#include "track/device.h"
#include "wire/channel.h"

#define CHANNELS_MAX 512      /* frequencies, and as many channels */
#define CHANNELS_OF_SOURCE 64 /* frequencies that a source sees within a second */
#define CHANNEL_ACTIVE_SEC 30 /* a device counts as active for so long */

/* One frequency, or one channel: what readers get. */
struct channel_use {
	char channel[CHANNEL_TEXT_SIZE];
	double freq_khz;
	struct history packets, octets, devices;
	struct signal signal;
};

struct channel_summary {
	LIST(struct channel_use) frequencies, channels;
};
extern struct field_table channel_summary_table;

/* What a source adds up within one second; its thread's own. */
struct channel_counters {
	uint32_t sec, n;
	struct channel_sum {
		uint32_t khz, packets, octets;
		char channel[CHANNEL_TEXT_SIZE];
		struct radio last, weakest, strongest; /* of the frames that had a signal; of each value the extreme */
		bool seen;
	} sums[CHANNELS_OF_SOURCE];
};

struct channels;
struct channels *channels_create(void);
void channels_destroy(struct channels *c);
/* Counts a frame; the source's thread. */
void channels_add(struct channels *c, struct channel_counters *channel_counters, uint32_t sec, uint32_t khz,
		  const char *channel, const struct radio *radio, uint32_t octets);
/* Hands over what is left; the source's thread, when it ends. */
void channels_flush(struct channels *c, struct channel_counters *channel_counters);
/* A device was seen at a frequency, and before at another or in another second; 0: never before. Any thread, no lock
 * held. */
void channels_device(struct channels *c, uint32_t old_khz, uint32_t old_sec, uint32_t khz, uint32_t sec);
/* Copies everything into the arena. Any thread. */
const struct channel_summary *channels_copy(struct channels *c, struct arena *arena);
