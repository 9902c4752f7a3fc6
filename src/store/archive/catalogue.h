/* The catalogue of the archive: the kismetdb logs in the folders of logs, open, rotated or brought there by hand, and
 * what span of time each covers. A thread of its own looks at the folders every half a minute, and reads what is new or
 * has changed. Kept in a small SQLite file, from which the next start knows them at once; when it is missing or damaged
 * it is made anew. */
#pragma once
#include "conf/option.h"
#include "store/archive/archived_log.h"
#include "store/archive/options.h"

struct catalogue;
/* Of the logs in `folder`, and in those of the options. file: where it is kept; NULL: nowhere. Strings are copied. */
struct catalogue *catalogue_create(const char *file, const char *folder, const struct archive_conf *conf);
/* Ends the thread, at once also while it reads a log. */
void catalogue_destroy(struct catalogue *c);
/* Copies those that hold something of [from, to], in microseconds since 1970 and packet time, and those whose
 * span is not known: damaged ones, and the log that this server writes. The oldest first, those last; *ret is the
 * caller's to free. How many. Any thread. */
size_t catalogue_find(struct catalogue *c, uint64_t from_us, uint64_t to_us, struct archived_log **ret);
/* Waits until the folders were looked at once after this call, at most that long; false: they were not. Any thread that
 * may wait. */
bool catalogue_refresh(struct catalogue *c, uint64_t timeout_us);
