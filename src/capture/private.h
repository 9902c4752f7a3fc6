/* Private to capture: a source, and the list of all. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "capture/options.h"
#include "capture/record.h"

#define CAPTURE_LOOPS 4 /* threads that all helpers and sensors share */

struct announcer;
struct listener;
struct live;
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
