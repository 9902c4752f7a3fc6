/* A new source from its definition: its driver, its uuid, its record. */
#pragma once
#include "capture/drivers.h"
#include "capture/options.h"
#include "capture/source.h"

/* Whether a definition could be opened now: 0, with what there is to say about it in ret_error, or negative with a
 * sentence there. */
int capture_check(const struct capture_conf *defaults, const char *definition, char ret_error[SOURCE_TEXT_SIZE]);

/* For capture itself. */
struct definition;
struct registry;
struct source;
/* The uuid of a definition: the same in every run. */
struct uuid source_uuid_of(const char *definition);
/* Reads a definition, and which driver its type= or its file names; NULL: its capture program is still to be found.
 * Negative with a sentence. */
int source_parse(const char *text, struct definition *ret, const struct source_driver **ret_driver,
		 char error[SOURCE_TEXT_SIZE]);
/* Whether it could be opened now; negative with a sentence. */
int source_check(const struct registry *r, const struct definition *d, const struct source_driver *driver,
		 char error[SOURCE_TEXT_SIZE]);
/* Fills a new source's record from its definition; the caller owns it until registry_enlist(). */
struct source *registry_source(struct registry *r, const struct definition *d, const char *text,
			       const struct source_driver *driver);
/* One whose definition cannot be read, so that it is seen. */
struct source *registry_malformed(struct registry *r, const char *text);
/* Before it is in the list, or when no thread reads it any more. */
void source_free(struct source *s);
