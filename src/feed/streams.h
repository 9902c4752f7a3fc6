/* The list of streams that run: what they send to whom, how much, and a way to end them. Any thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "field/field.h"

#define STREAMS_MAX 512

struct stream_record {
	uint64_t id, start_sec, packets, bytes, lost, max_packets, max_bytes;
	char name[96], type[24], path[160], description[160];
	bool paused;
};
extern struct field_table stream_table;

struct streams;
struct streams *streams_create(void);
void streams_destroy(struct streams *s);
/* Its number, from 1; 0 when there are too many. lost: what its listener lost, until
 * streams_remove(). */
uint64_t streams_add(struct streams *s, const char *name, const char *type, const char *path, const char *description,
		     const _Atomic uint64_t *lost);
void streams_remove(struct streams *s, uint64_t id);
/* Notes how much was sent; false when the stream is to end. */
bool streams_update(struct streams *s, uint64_t id, uint64_t packets, uint64_t bytes);
/* True when the stream is to end. */
bool streams_closing(struct streams *s, uint64_t id);
/* Asks a stream to end; false when there is none of that number. */
bool streams_close(struct streams *s, uint64_t id);
uint32_t streams_copy(struct streams *s, struct stream_record *ret, uint32_t max);
