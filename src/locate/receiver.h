/* A receiver that is read: gpsd, or NMEA from a serial line or over TCP. On the loop's thread. */
#pragma once
#include <stdbool.h>

#include "base/loop.h"
#include "conf/definition.h"
#include "locate/doubt.h"
#include "locate/line.h"

/* What a receiver reports to its owner. */
struct receiver_message {
	bool connected, understood; /* understood: what came was a report, or nothing came */
	bool has_position, lost;    /* a new position; it reported that it has none now */
	const char *device;         /* which of several behind one gpsd says so, "" when there is one; NULL: all */
	struct gps_fix fix;
	const char *trouble; /* why it is not connected, or NULL */
	bool again;          /* it is tried again */
};
typedef void (*receiver_fn)(void *ctx, const struct receiver_message *message);

struct receiver_settings {
	bool is_gpsd;
	char device[128]; /* of several behind one gpsd; empty: all */
	struct line_settings line;
};
/* From "gpsd:...", "serial:..." or "tcp:..."; ERR_MALFORMED with a sentence. Any thread. */
int receiver_settings_read(const struct definition *d, struct receiver_settings *ret, char ret_error[160]);

struct receiver;
struct receiver *receiver_create(struct loop *l, const struct receiver_settings *s, receiver_fn report, void *ctx);
void receiver_destroy(struct receiver *r);
