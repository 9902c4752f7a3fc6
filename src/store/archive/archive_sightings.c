#include "store/archive/archive_sightings.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/owned_file.h"
#include "track/sighting_read.h"

#define PUBLISHED_MS 1000 /* that a commit's row may be unknown for */
#define LOOK_MS 5

struct archive_sightings {
	struct archive_span span;
	struct sightings *kept; /* of the last hour */
	struct sighting_walk walk;
	struct sighting *open; /* of the model, copied */
	size_t n_open, given;
	struct archived_log *logs;
	size_t n_logs, next; /* next: the log behind the one at hand */
	struct log_sightings *log;
	const struct archived_log *given_of; /* the log of what was given last; NULL: none */
	struct archived_log written_log;
	struct log_sightings
		*written; /* the log that this server writes, opened before the rest; its turn is the last */
	struct archive_progress progress;
};

#define P struct archive_progress
static const struct field rows[] = {
	FIELD(P, "norn.query.scanned", scanned, "Octets of logs that were searched."),
	FIELD(P, "norn.query.total", total, "Octets of logs that hold something of the span."),
	FIELD(P, "norn.query.logs", logs, "Logs that hold something of the span."),
	FIELD(P, "norn.query.passed_over", passed_over, "Logs of these that could not be read, or not to their end."),
	FIELD(P, "norn.query.why", why, "Why, of the last of them."),
};
struct field_table archive_progress_table = FIELD_TABLE(P, "norn.query.progress", rows);
#undef P

static void pass_over(struct archive_sightings *a, const struct archived_log *log, const char *why)
{
	a->progress.passed_over++;
	(void) snprintf(a->progress.why, sizeof(a->progress.why), "%.120s: %.120s", log->path, why);
}

/* Up to which number of this run the log holds what it holds. A commit's row is known a moment after it is seen. */
static uint64_t number_at(struct sightings *kept, int64_t row, uint64_t logged_before)
{
	uint64_t number = logged_before;
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};

	if (row == 0)
		return logged_before;
	for (int i = 0; i < PUBLISHED_MS / LOOK_MS && !sightings_number_at(kept, row, &number); i++)
		(void) nanosleep(&pause, NULL);
	return number;
}

/* Opens the log that is being written, and what of this run is in it or in an earlier one. */
static uint64_t open_written(struct archive_sightings *a)
{
	uint64_t logged = sightings_logged(a->kept);

	for (size_t i = 0; i < a->n_logs && !a->written; i++) {
		char why[160];

		if (!owned_file_at(a->logs[i].path))
			continue;
		a->written = log_sightings_open(&a->logs[i], &a->span, why);
		a->written_log = a->logs[i];
		if (a->written)
			return number_at(a->kept, log_sightings_last_row(a->written), logged);
	}
	return logged;
}

struct archive_sightings *archive_sightings_open(struct catalogue *c, struct tracker *t,
						 const struct archive_span *span)
{
	struct archive_sightings *a = xnew(struct archive_sightings, 1);
	uint64_t to_us = span->to_sec ? (uint64_t) span->to_sec * 1000000 : UINT64_MAX;

	a->span = *span;
	a->kept = tracker_sightings(t);
	a->n_logs = catalogue_find(c, (uint64_t) span->from_sec * 1000000, to_us, &a->logs);
	for (size_t i = 0; i < a->n_logs; i++) {
		a->progress.logs++;
		a->progress.total += a->logs[i].stamp.octets;
	}
	a->walk = (struct sighting_walk){.from_sec = span->from_sec, .to_sec = span->to_sec, .device = span->device};
	a->walk.after = open_written(a);
	a->n_open = tracker_open_sightings(t, &a->walk, &a->open);
	return a;
}

void archive_sightings_close(struct archive_sightings *a)
{
	if (!a)
		return;
	log_sightings_close(a->log);
	log_sightings_close(a->written);
	free(a->open);
	free(a->logs);
	free(a);
}

static size_t next_open(struct archive_sightings *a, struct sighting *ret, size_t max)
{
	size_t n = a->n_open - a->given < max ? a->n_open - a->given : max;

	for (size_t i = 0; i < n; i++)
		ret[i] = a->open[a->given++];
	return n;
}

/* The next log that can be read is at hand; false: there is none. */
static bool next_log(struct archive_sightings *a)
{
	while (!a->log && a->next < a->n_logs) {
		const struct archived_log *log = &a->logs[a->next++];
		char why[160];

		if (owned_file_at(log->path))
			continue;
		if (log->damaged)
			pass_over(a, log, log->damage);
		else if (!(a->log = log_sightings_open(log, &a->span, why)))
			pass_over(a, log, why);
		if (!a->log)
			a->progress.scanned += log->stamp.octets;
	}
	if (!a->log && a->written) {
		a->log = TAKE(a->written);
		a->next = a->n_logs + 1;
	}
	return a->log;
}

/* The log at hand is at its end. */
static void end_log(struct archive_sightings *a)
{
	bool last = a->next > a->n_logs;
	const struct archived_log *log = last ? &a->written_log : &a->logs[a->next - 1];

	if (log_sightings_torn(a->log))
		pass_over(a, log, log_sightings_torn(a->log));
	a->progress.scanned += log->stamp.octets;
	log_sightings_close(TAKE(a->log));
}

size_t archive_sightings_next(struct archive_sightings *a, struct sighting *ret, size_t max)
{
	size_t n = next_open(a, ret, max);

	if (n == 0)
		n = sightings_next(a->kept, &a->walk, ret, max);
	while (n == 0 && !budget_over() && next_log(a)) {
		n = log_sightings_next(a->log, ret, max);
		a->given_of = a->next > a->n_logs ? &a->written_log : &a->logs[a->next - 1];
		if (n == 0)
			end_log(a);
	}
	return n;
}

const struct archived_log *archive_sightings_log(const struct archive_sightings *a)
{
	return a->given_of;
}

const struct archive_progress *archive_sightings_progress(const struct archive_sightings *a)
{
	return &a->progress;
}
