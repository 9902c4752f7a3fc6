/* Where packets were seen: the position of the best GPS, or of the meta GPS that their source names; also of what
 * was seen before there was one (gps_backfill). */
#pragma once
#include "app/state.h"

/* What was seen before a fix gets a position; once a second. */
void positions_fill(struct app *a, uint32_t now);
/* Whether a source's packets have another position than that of the best GPS; ctx is the app. Any thread. */
bool positions_has_own(void *ctx, uint16_t source);
/* The source's packets take the position of that GPS of type meta from now on; "": the best one's. */
void positions_own(struct app *a, uint16_t source, const char *metagps);
/* The position of a packet that has none of its own. */
struct position positions_find(struct app *a, uint16_t source, uint32_t now);
void positions_destroy(struct app *a);
