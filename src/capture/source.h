/* Datasources: what the server listens to, and where their packets go. Each open file runs on a thread of its own, at
 * most as many at once as there are cores; the others wait as pending. A file is read as fast as the sink takes its
 * packets and never loses one. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "wire/packet.h"

#define SOURCES_MAX 256
#define SOURCE_TEXT_SIZE 512
#define SOURCE_DEFINITION_SIZE 4200 /* octets of one that has been brought in order */
#define SOURCE_BATCH 256            /* packets between two reads of the clock */
#define SOURCE_RETRY_SEC 5          /* until a source that failed is tried again; doubled each time up to ... */
#define SOURCE_RETRY_MAX_SEC 60     /* ... so long */
#define SOURCE_HOP_RATE_MAX 1000    /* channels a second */
#define SOURCE_CHANNELS_SIZE 4096   /* octets of a channel list, its names joined by ',' */

enum source_state { SOURCE_PENDING, SOURCE_RUNNING, SOURCE_DONE, SOURCE_CLOSED, SOURCE_ERROR };

/* What a capture program reports in JSON instead of a packet; views that live until the call returns. */
struct source_report {
	uint16_t source;
	uint64_t time_us;
	struct span type, json; /* UTF-8 without NUL; json is well-formed */
	struct position position;
};

/* Where packets go, called on the source's thread. */
struct packet_sink {
	/* metagps: name of the GPS whose position its packets take, "": the best one's. */
	void (*open)(void *ctx, uint16_t source, bool live, const struct uuid *uuid, const char *metagps);
	void (*packet)(void *ctx, struct packet *packet, uint32_t server_sec);
	bool (*report)(void *ctx, struct source_report *report, uint32_t server_sec); /* whether a phy took it */
	void (*close)(void *ctx, uint16_t source);
	/* A source failed or ended before its end, and is tried again in so many seconds (0: not), or one that had
	 * failed is open again. No lock is held. */
	void (*failed)(void *ctx, const char *name, const char *reason, uint32_t retry_sec);
	void (*recovered)(void *ctx, const char *name);
	void *ctx;
};
