/* What every capture helper shares: arguments, the protocol, the way to a server on this machine or
 * elsewhere, channel hopping, and giving up privileges. A helper fills in a struct helper_kind and
 * calls helper_main(); example.c is a whole one in eighty lines.
 *
 * Threads: one talks to the server and calls list, probe, open and close; one captures; one hops
 * and is the only one that calls tune while it runs. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "conf/definition.h"

#define HELPER_ERROR_SIZE 256
#define HELPER_CHANNELS_SIZE 8192
#define HELPER_UUID_SIZE 37

struct helper;

struct helper_interface {
	char name[64], capture[64], hardware[128];
};

/* What is known of an interface that is open, or could be. */
struct helper_opened {
	uint32_t dlt;
	char capture[64], hardware[128], uuid[HELPER_UUID_SIZE], channel[24];
	char channels[HELPER_CHANNELS_SIZE]; /* joined by ',' */
	char warning[HELPER_ERROR_SIZE];
};

struct helper_packet {
	const uint8_t *data;
	uint32_t size, length; /* here and on the air */
	uint32_t dlt;
	uint64_t time_us;
	bool has_signal;
	int8_t signal_dbm;
	uint32_t freq_khz; /* 0: unknown, or in the packet */
};

enum helper_tuned { HELPER_TUNED, HELPER_REFUSED }; /* negative: the radio was removed */

struct helper_kind {
	const char *type;      /* as in type= */
	uint64_t capabilities; /* 1 << CAP_...: what is kept; the rest goes at the start */
	/* Interfaces that could be captured: how many. NULL: it cannot list them. */
	int (*list)(void *ctx, struct helper_interface *ret, unsigned max);
	/* Whether it could open that; 0, or negative with a sentence. ret: at least uuid and
	 * channels. */
	int (*probe)(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE]);
	int (*open)(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE]);
	/* enum helper_tuned, or negative; a sentence when it is not HELPER_TUNED. NULL: it has
	 * none. */
	int (*tune)(void *ctx, const char *channel, char error[HELPER_ERROR_SIZE]);
	/* Captures until helper_stopping(), which it checks at least every half second. */
	void (*capture)(void *ctx, struct helper *h);
	void (*close)(void *ctx); /* NULL: nothing to do */
};

/* Queues a packet; when there is no room it is counted as lost. The capture thread. */
void helper_packet(struct helper *h, const struct helper_packet *p);
/* A message for the server's log. Any thread. */
__attribute__((format(printf, 2, 3))) void helper_say(struct helper *h, const char *format, ...);
/* It cannot go on: sends the reason to the server, and the helper ends. Any thread; once. */
__attribute__((format(printf, 2, 3))) void helper_fail(struct helper *h, const char *format, ...);
/* The sentence that says why something is refused. */
__attribute__((format(printf, 2, 3))) void helper_refuse(char error[HELPER_ERROR_SIZE], const char *format, ...);
