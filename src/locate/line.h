/* A line to a receiver, serial or TCP, that is opened again when it breaks, and cut into lines of
 * text. Everything runs on the loop's thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"

#define LINE_RETRY_MIN_MS 1000
#define LINE_RETRY_MAX_MS 30000

struct line_settings {
	char device[128]; /* of a serial line; empty: TCP */
	unsigned baud;
	char host[128], port[8];
	size_t longest;        /* octets of a line of text; what is longer is dropped as one bad line */
	const char *init_text; /* sent when it opens, or NULL */
	bool reconnect;
};

struct line_events {
	void (*on_open)(void *ctx);
	/* One line without its end; text NULL for one that was too long. */
	void (*on_text)(void *ctx, const char *text, size_t size);
	/* It broke or could not be opened; again: it is tried again. */
	void (*on_trouble)(void *ctx, const char *why, bool again);
};

struct line;
/* Opens it soon. The settings are copied. */
struct line *line_create(struct loop *l, const struct line_settings *s, const struct line_events *events, void *ctx);
void line_destroy(struct line *l);
