/* Where packets were heard: the best GPS' place, or that of the meta GPS that their source names; and what
 * was heard before there was one (gps_backfill). */
#pragma once
#include "app/state.h"

/* What was heard before a fix gets a place; once a second. */
void places_fill(struct app *a, uint32_t now);
/* Whether a source's packets take another place than the best GPS'; ctx is the app. Any thread. */
bool places_has_own(void *ctx, uint16_t source);
/* The source's packets take the place of that GPS of type meta from now on; "": the best one's. */
void places_own(struct app *a, uint16_t source, const char *metagps);
/* The place of a packet that brings none. */
struct position places_find(struct app *a, uint16_t source, uint32_t now);
void places_forget(struct app *a);
