/* The list of sources, for the files of this room. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "capture/source.h"
#include "conf/definition.h"

#define CAPTURE_LOOPS 4 /* threads that all helpers and sensors share */

struct announcer;
struct live;
struct listener;
struct loop;

struct source {
	struct registry *registry;
	struct source_record record; /* under the registry's lock */
	struct source *next_removed;
	uint64_t removed_us; /* monotonic */
	uint32_t claims;     /* sensors on their way to it; under the registry's lock, as the next */
	bool linked;         /* a sensor has it */
	struct live *live;   /* a helper or sensor; NULL: a file */
	char *path;
	pthread_t thread;
	bool started;                  /* the thread is to be joined */
	bool streams;                  /* standard input or a FIFO */
	_Atomic bool on_trial;         /* it is no source unless a program knows it; the caller gets the error */
	bool malformed;                /* its definition cannot be read: it is there to be seen */
	bool ignores_fcs;              /* fcs=ignore */
	bool failed;                   /* and it was not reported yet that it is open again; its thread's */
	char remark[SOURCE_TEXT_SIZE]; /* about its definition; shown while there is no other warning */
	_Atomic bool stop, paused;
	uint64_t retry_us; /* monotonic: when it is tried again; 0: not */
	bool realtime;
	double pps;
	bool unhurried;           /* a stream, or a file at a pace: it takes no other file's turn */
	uint64_t packets, errors; /* the thread's own */
	struct {
		uint32_t sec, packets;
		uint64_t octets;
	} this_second;                                  /* the thread's own */
	struct history packets_history, octets_history; /* under the registry's lock */
};

struct registry {
	struct packet_sink sink;
	struct capture_conf defaults;
	pthread_mutex_t control; /* open, close and tick, one at a time; taken before lock */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a source's state, or a command's end */
	struct source *sources[SOURCES_MAX];
	struct source *removed; /* that turned out to be none, or made way: others may read them for a while */
	uint32_t n_removed;
	uint32_t count, running, cores;
	struct loop *loops[CAPTURE_LOOPS]; /* made when the first is needed; under the lock */
	uint32_t next_loop;
	struct listener *listener;
	struct announcer *announcer;
	bool stopping;
};

/* A kind's program. */
struct driver_helper {
	const char *type;
	const char *names[2]; /* ours, Kismet's; NULL: none */
};
const struct source_driver *driver_of_type(const char *type); /* NULL when there is none */
const struct driver_helper *driver_helper_of(const struct source_driver *d);

/* The uuid of a definition: the same in every run. */
struct uuid source_uuid_of(const char *definition);
/* The source of that uuid, or NULL. Under the lock. */
struct source *registry_find(struct registry *r, const struct uuid *uuid);
/* The definition that a source's program is asked to open: its own, and for Wi-Fi what dot11_datasource_opt=
 * adds to it (wifi_options.c). Under no lock; the record's definition does not change. */
void source_definition(const struct source *s, char *ret, size_t size);
/* Reads a definition, and which driver its type= or its file names; NULL: its capture program is still to be found.
 * Negative with a sentence. */
int source_parse(const char *text, struct definition *ret, const struct source_driver **ret_driver,
		 char error[SOURCE_TEXT_SIZE]);
/* Whether it could be opened now; negative with a sentence. */
int source_check(const struct registry *r, const struct definition *d, const struct source_driver *driver,
		 char error[SOURCE_TEXT_SIZE]);
bool source_is_tzsp(const struct source_driver *d);
/* Fills a new source's record from its definition; the caller owns it until registry_enlist(). */
struct source *registry_source(struct registry *r, const struct definition *d, const char *text,
			       const struct source_driver *driver);
/* One whose definition cannot be read, so that it is seen. */
struct source *registry_malformed(struct registry *r, const char *text);
/* Puts a source in the list: its number, or negative with a sentence, and the source is the
 * caller's. */
int registry_enlist(struct registry *r, struct source *s, const char *failure, char error[SOURCE_TEXT_SIZE]);
void source_free(struct source *s);
/* Takes a source out of use; it is freed later. Under the lock. */
void registry_retire(struct registry *r, struct source *s);
/* Frees those that are unused by now. */
void registry_sweep(struct registry *r);
/* Ends a claim. Not under the lock. */
void registry_release(struct source *s);
/* Sets the state to an error, and when it is tried again: in so many seconds; 0: not. Under the lock. */
uint32_t source_fail(struct source *s, const char *reason);
/* One that had failed delivers again: reports it, once. Its thread; not under the lock. */
void source_recovered(struct source *s);
/* Shows and logs a warning. Its thread; not under the lock. */
void source_warn(struct source *s, const char *text);
/* One of the worker loops, in turn. NULL when threads cannot be made. Under the lock. */
struct loop *registry_loop(struct registry *r);
/* Starts files that wait for their turn. Under the lock. */
void registry_start_pending(struct registry *r);

/* Counts a packet for the histories; its thread. */
void source_count(struct source *s, uint32_t sec, uint32_t octets);
/* Brings what was counted to the histories. Under the lock. */
void source_settle(struct source *s);

/* Files, FIFOs and standard input (file_source.c). */
bool file_source_streams(const char *path);
int file_source_check(const struct definition *d, char error[SOURCE_TEXT_SIZE]);
void *file_source_run(void *source);
/* How a source with a thread of its own ended. */
struct source_end {
	enum source_state state;
	bool alert; /* although it is no error: damage, or an unexpected end */
	const char *reason;
};
/* The end, on its thread. */
void file_source_finish(struct source *s, const struct source_end *end);
