/* The list of sources, and copies of their records. */
#pragma once
#include "capture/options.h"
#include "capture/record.h"

struct loop;
struct registry;
struct source;

struct registry *capture_create(const struct capture_conf *defaults, struct packet_sink sink);
const struct capture_conf *capture_defaults(const struct registry *r);
/* Copies the source in that slot, from 0; false behind the last. Any thread. */
bool capture_snapshot(struct registry *r, uint32_t slot, struct source_record *ret_record);
/* False when there is no such source. Any thread. */
bool capture_find(struct registry *r, const struct uuid *uuid, struct source_record *ret_record);
bool capture_uuid(struct registry *r, uint16_t number, struct uuid *ret_uuid);
/* Its name, interface and hardware, each cut to `size` octets; they stay as they are when there is no such source. Any
 * thread. */
void capture_names(struct registry *r, const struct uuid *uuid, char *ret_name, char *ret_interface, char *ret_hardware,
		   size_t size);
/* A paused source stays open and its packets are left out. ERR_NOT_FOUND. */
int capture_pause(struct registry *r, const struct uuid *uuid, bool paused);

/* For capture itself. */
/* The source of that uuid, or NULL. Under the lock. */
struct source *registry_find(struct registry *r, const struct uuid *uuid);
/* Puts a source in the list: its number, or negative with a sentence, and the source is the
 * caller's. */
int registry_enlist(struct registry *r, struct source *s, const char *failure, char error[SOURCE_TEXT_SIZE]);
/* Takes a source out of use; it is freed later. Under the lock. */
void registry_retire(struct registry *r, struct source *s);
/* Ends a claim. Not under the lock. */
void registry_release(struct source *s);
/* One of the worker loops, in turn. NULL when threads cannot be made. Under the lock. */
struct loop *registry_loop(struct registry *r);
