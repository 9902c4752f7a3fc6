/* What the catalogue keeps for the next start: an SQLite file, a row for each log. */
#pragma once
#include "store/archive/archived_log.h"

/* The rows of the file, none of one that is missing, damaged or of another version: it is made anew then. Sorted by
 * path; *ret is the caller's to free. */
size_t catalogue_file_load(const char *path, struct archived_log **ret);
/* Writes what has changed from `old` to `now`, both sorted by path. A file that cannot be written is reported once, and
 * does without. */
void catalogue_file_save(const char *path, const struct archived_log *old, size_t n_old, const struct archived_log *now,
			 size_t n_now);
