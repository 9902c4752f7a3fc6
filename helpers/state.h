/* A running helper: what its files share. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "arguments.h"
#include "helper.h"
#include "link.h"
#include "proto/proto.h"
#include "ring.h"

#define HELPER_RING_SIZE (16u * 1024 * 1024)
#define HELPER_HOPS_MAX 2048

/* Which channels are visited, and how; under `lock`. */
struct hopping {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool started, hops, changed;
	double rate;
	bool shuffle;
	uint32_t skip, offset, count;
	char names[HELPER_HOPS_MAX][24];
	char channel[24]; /* to stay on; "" : none */
	/* The request that waits for an answer. */
	bool asked;
	uint32_t request;
};

struct helper {
	const struct helper_kind *kind;
	void *ctx;
	struct helper_arguments arguments;
	struct definition definition;
	struct helper_opened opened;
	bool is_open, captures;
	_Atomic bool stopping, failed;
	pthread_t capture;
	/* The connection; the first thread's. */
	struct link link;
	bool announced, flowing; /* flowing: packets go out */
	bool leaving;            /* the server closes: what was begun goes out, and no more */
	uint64_t ping_us, report_us, end_us;
	struct buf in, out;
	bool websocket;
	struct buf raw, wrapped, answers; /* of the websocket */
	struct proto_scratch *scratch;
	/* Messages before packets; any thread. */
	pthread_mutex_t control_lock;
	struct buf control;
	struct proto_scratch *control_scratch;
	_Atomic int version; /* enum proto_version */
	uint32_t seqno;      /* under control_lock */
	/* Packets, in order with their counters; under packet_lock. */
	pthread_mutex_t packet_lock;
	struct ring *ring;
	struct proto_scratch *packet_scratch;
	struct buf packet;
	uint64_t captured, kernel_dropped, dropped;
	unsigned left; /* in the ring at the end */
	int wake_fd;   /* eventfd: there is something to send */
	struct hopping hopping;
};

/* Ends capture and hopping. */
void serve_stop(struct helper *h);
