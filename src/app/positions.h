/* Where packets were seen: the best GPS' place, or that of the meta GPS that their source names; and what
 * was seen before there was one (gps_backfill). */
#pragma once
#include "app/state.h"

/* What was seen before a fix gets a place; once a second. */
void positions_fill(struct app *a, uint32_t now);
/* Whether a source's packets take another place than the best GPS'; ctx is the app. Any thread. */
bool positions_has_own(void *ctx, uint16_t source);
/* The source's packets take the place of that GPS of type meta from now on; "": the best one's. */
void positions_own(struct app *a, uint16_t source, const char *metagps);
/* The place of a packet that brings none. */
struct position positions_find(struct app *a, uint16_t source, uint32_t now);
void positions_destroy(struct app *a);
