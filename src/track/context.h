/* What getters of device records need from the rest of the program: field_ctx.context points to one. */
#pragma once
#include "base/uuid.h"
#include "field/field.h"
#include "track/vendor.h"

struct phy_names {
	const char *name[32]; /* by phy number */
	uint8_t count;
};

struct tracker;
struct track_source; /* track/model.h */

/* What a row of seenby shows of its datasource. */
#define SOURCE_SHOWN_SIZE 128
struct source_shown {
	struct uuid uuid;
	char name[SOURCE_SHOWN_SIZE], interface[SOURCE_SHOWN_SIZE], hardware[SOURCE_SHOWN_SIZE];
};

struct track_context {
	const struct vendors *vendors;
	const struct phy_names *phys;
	struct uuid server_uuid;
	/* The source's uuid by the number that app gave it; false when there is none. Any thread. */
	bool (*source_uuid)(void *ctx, uint16_t source, struct uuid *ret_uuid);
	/* Fills in the names of the source that has shown->uuid, when it is open; NULL: no source is known. Any thread.
	 */
	void (*source_shown)(void *ctx, struct source_shown *shown);
	void *ctx;
	struct tracker *tracker;
};

/* The uuid of a source that is here, or that a restored device names; false when there is none. Any thread. */
bool track_context_uuid(const struct track_context *context, uint16_t source, struct uuid *ret_uuid);
/* What is known of that source, here or remembered; false when there is none. Any thread. */
bool track_context_shown(const struct track_context *context, uint16_t source, struct source_shown *ret);
/* Keeps the names of a source that is remembered under that number. */
void track_context_names(const struct track_context *context, uint16_t source, const struct source_shown *shown);
/* The number that stands for a source which a restored device names; negative when there are too many. */
int track_context_remember(const struct track_context *context, const struct uuid *uuid);

/* For the model itself: a source opens. True if restored devices name it: it goes on under their number and in their
 * view. */
bool track_context_attach(const struct tracker *t, struct track_source *s, const struct uuid *uuid);
