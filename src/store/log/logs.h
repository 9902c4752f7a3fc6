/* Logs: files that take what the server sees while they are open. Each has a thread of its own and a
 * queue that file sources wait for, so that nothing is lost; a live source drops and counts. */
#pragma once
#include "base/buf.h"
#include "capture/source.h"
#include "detect/alert.h"
#include "feed/message.h"
#include "feed/packets.h"
#include "locate/gps.h"
#include "store/state/fingerprints.h"
#include "store/log/log_filter.h"
#include "store/log/options.h"

#define LOGS_MAX 64
#define LOG_PATH_SIZE 1024

struct pois;
struct log_driver {
	char log_class[24], name[32], description[128];
	uint8_t stream, singleton;
};
extern struct field_table log_driver_table;

struct log_record {
	struct log_driver driver;
	struct uuid uuid;
	char description[128], path[LOG_PATH_SIZE], file_template[256];
	bool open;
	uint64_t packets, lost; /* written, and lost because the disk was slow */
	uint64_t waiting;       /* octets */
	uint32_t files;         /* files written so far */
	uint64_t waits_for;     /* octets that must be free before it continues; 0: it does not wait */
};
extern struct field_table log_table;

/* What logs read from. */
struct log_rooms {
	struct feed *feed;
	struct tracker *tracker;
	struct registry *sources;
	struct message_bus *messages;
	struct alerts *alerts;
	struct locator *locator;
	struct fingerprints *fingerprints;
	struct pois *pois;
	struct log_filter *devices, *packets;             /* what the kismetdb leaves out */
	void (*write_status)(void *ctx, struct buf *out); /* the system's state as JSON; a log's thread */
	/* Whether a source has positions of its own; any thread. */
	bool (*has_own_position)(void *ctx, uint16_t source);
	void *ctx;
};

/* The writer of a class that this room does not know. Its functions run on the log's thread, one at a time a
 * file; the class is also the suffix of its files. */
struct log_writer {
	struct log_driver driver;
	void *(*open)(void *ctx, const char *path); /* NULL: it cannot be made */
	/* More than 0: written, 0: left out, negative: it cannot be written any more, and is closed. */
	int (*packet)(void *file, const struct packet_summary *s, const uint8_t *data);
	int (*sync)(void *file); /* twice a second; negative as above; may be NULL */
	void (*close)(void *file);
	void *ctx;
};
#define LOG_WRITERS_MAX 16

struct logs;
struct logs *logs_create(const struct log_conf *conf, const struct log_rooms *rooms);
/* The log that the run resumes: its path, which outlives l, and how many alerts were restored from it. Before logs are
 * opened. */
void logs_resumed(struct logs *l, const char *path, uint64_t alerts);
/* Adds a class; the writer stays the caller's and outlives l. ERR_EXISTS, ERR_LIMIT, and ERR_MALFORMED for a class that
 * is no word of letters, digits, - and _. Before logs are opened by others. */
int logs_add_class(struct logs *l, const struct log_writer *writer);
/* The classes, at most max; how many. Any thread. */
#define LOG_DRIVERS_MAX (LOG_CLASSES + LOG_WRITERS_MAX)
uint32_t logs_drivers(const struct logs *l, struct log_driver *ret, uint32_t max);
/* Writes what is left and closes every log. */
void logs_destroy(struct logs *l);
/* Opens a log of that class; title NULL: the configured one. ERR_NOT_FOUND for an unknown class,
 * ERR_EXISTS when there can be one only, else why the file cannot be made, with a sentence. With `later` it is then
 * tried again every few seconds, until it opens or is stopped. */
int logs_start(struct logs *l, const char *log_class, const char *title, bool later, struct log_record *ret_record,
	       char ret_error[256]);
/* Returns when all is written. ERR_NOT_FOUND. */
int logs_stop(struct logs *l, const struct uuid *uuid);
uint32_t logs_copy(struct logs *l, struct log_record *ret, uint32_t max);
/* Sets the position of packets that have none, in logs that can be changed, a little later. */
void logs_fill_positions(struct logs *l, const struct gps_gap *gap);
/* The path of the open kismetdb; false when there is none that others can open. */
bool logs_kismetdb(struct logs *l, char ret_path[LOG_PATH_SIZE]);
