/* The sightings of one kismetdb log within a span: of its table, or, where there is none, made of its packets. */
#pragma once
#include "base/key.h"
#include "store/archive/archived_log.h"
#include "track/sighting.h"

struct archive_span {
	uint32_t from_sec, to_sec; /* packet time: what overlaps [from, to); to 0: to the end */
	const struct key *device;  /* NULL: all; outlives the reader */
};

struct log_sightings;
/* Opens the log; NULL with a sentence. A reader that was opened sees the log as it was then, whatever is written
 * meanwhile. One thread at a time, as all here. */
struct log_sightings *log_sightings_open(const struct archived_log *log, const struct archive_span *span,
					 char ret_error[160]);
void log_sightings_close(struct log_sightings *l);
/* The last row of its table; 0: it has none, or no such table. */
int64_t log_sightings_last_row(const struct log_sightings *l);
/* The next, at most max; 0 at the end, at once when the budget is over (base/budget.h), or where the log is torn. */
size_t log_sightings_next(struct log_sightings *l, struct sighting *ret, size_t max);
/* Why it could not be read to its end; NULL: it could, so far. */
const char *log_sightings_torn(const struct log_sightings *l);
