/* Sightings of a span of time, of memory and of all logs that hold some, each once. */
#pragma once
#include "store/archive/catalogue.h"
#include "store/archive/log_sightings.h"

struct tracker;

struct archive_sightings;
/* Those of the span, of one device or of all, in no order of time. What is in memory is copied now. One thread. */
struct archive_sightings *archive_sightings_open(struct catalogue *c, struct tracker *t,
						 const struct archive_span *span);
void archive_sightings_close(struct archive_sightings *a);
/* The next, at most max; 0 at the end, or once the budget is over (base/budget.h). */
size_t archive_sightings_next(struct archive_sightings *a, struct sighting *ret, size_t max);

/* The log that the latest ones are of; NULL: they are of the model or of memory. Lives as long as `a`. */
const struct archived_log *archive_sightings_log(const struct archive_sightings *a);

/* How far it is. */
struct archive_progress {
	uint64_t scanned, total; /* octets of logs */
	uint32_t logs;           /* that hold something of the span */
	uint32_t passed_over;    /* of these, damaged or not to be opened */
	char why[256];           /* of the last that was */
};
extern struct field_table archive_progress_table;
const struct archive_progress *archive_sightings_progress(const struct archive_sightings *a);
