/* Datasources: what the server listens to. Each open file runs on a thread of its own, at most as many
 * at once as there are cores; the others wait as pending. A file is read as fast as the sink takes its
 * packets and never loses one. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "field/field.h"
#include "wire/packet.h"

#define SOURCES_MAX 256
#define SOURCE_TEXT_SIZE 512
#define SOURCE_BATCH 256 /* packets between two looks at the clock */

enum source_state { SOURCE_PENDING, SOURCE_RUNNING, SOURCE_DONE, SOURCE_CLOSED, SOURCE_ERROR };

/* Where packets go, called on the source's thread. */
struct packet_sink {
	void (*open)(void *ctx, uint16_t source, bool live, const struct uuid *uuid);
	void (*packet)(void *ctx, struct packet *packet, uint32_t server_sec);
	void *ctx;
};

/* What a source shows: a copy that readers own. */
struct source_record {
	uint64_t number;
	uint32_t key;
	char name[SOURCE_TEXT_SIZE], interface[SOURCE_TEXT_SIZE], definition[SOURCE_TEXT_SIZE];
	char error_reason[SOURCE_TEXT_SIZE], warning[SOURCE_TEXT_SIZE];
	struct uuid uuid;
	uint8_t state; /* enum source_state */
	bool running, paused, error, live;
	uint32_t dlt;
	uint64_t packets, error_packets, bytes_read, bytes_total;
	double frames_per_second;
};
extern struct field_table source_table;

struct registry;
struct registry *capture_create(struct packet_sink sink);
/* Adds a source by its definition and starts it when there is room; its number, or negative with a
 * sentence in ret_error. Any thread. */
int capture_add(struct registry *r, const char *definition, char ret_error[SOURCE_TEXT_SIZE]);
/* Copies the source of that place, from 0; false behind the last. Any thread. */
bool capture_snapshot(struct registry *r, uint32_t place, struct source_record *ret_record);
/* False when there is no such source. Any thread. */
bool capture_find(struct registry *r, const struct uuid *uuid, struct source_record *ret_record);
bool capture_uuid(struct registry *r, uint16_t number, struct uuid *ret_uuid);
/* A paused source stays open and its packets are left out. ERR_NOT_FOUND. */
int capture_pause(struct registry *r, const struct uuid *uuid, bool paused);
/* Closes every source and joins its thread; no packet reaches the sink afterwards. */
void capture_stop(struct registry *r);
void capture_destroy(struct registry *r);
