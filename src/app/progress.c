#include "app/progress.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/console.h"
#include "base/mem.h"
#include "capture/registry.h"

#define CLEAR "\r\033[K" /* the line, and to its beginning */

static _Atomic bool shown;

static void show(const char *text, size_t n)
{
	console_write(text, n);
	shown = true;
}

struct reading {
	uint64_t bytes, total;
	double rate;
	unsigned files, waiting;
};

static struct reading sum_up(struct registry *sources)
{
	struct source_record *s = xnew(struct source_record, 1);
	struct reading r = {0};

	for (uint32_t i = 0; capture_snapshot(sources, i, s); i++) {
		if (!s->bytes_total || s->live)
			continue;
		if (s->state == SOURCE_PENDING)
			r.waiting++;
		if (s->state != SOURCE_RUNNING)
			continue;
		r.files++;
		r.bytes += s->bytes_read;
		r.total += s->bytes_total;
		r.rate += s->frames_per_second;
	}
	free(s);
	return r;
}

void progress_show(struct registry *sources)
{
	struct reading r;
	char text[256];
	int n;

	if (!isatty(STDERR_FILENO))
		return;
	r = sum_up(sources);
	if (r.files == 0) {
		progress_end();
		return;
	}
	n = snprintf(text, sizeof(text), CLEAR "Reading %u file%s: %.0f %% of %.1f MB, %.0f frames a second", r.files,
		     r.files == 1 ? "" : "s", 100.0 * (double) r.bytes / (double) r.total, (double) r.total / 1e6,
		     r.rate);
	if (r.waiting)
		n += snprintf(text + n, sizeof(text) - (size_t) n, ", %u waiting", r.waiting);
	show(text, (size_t) n);
}

void progress_count(const char *what, uint64_t done, uint64_t all)
{
	char text[128];

	if (!isatty(STDERR_FILENO))
		return;
	show(text, (size_t) snprintf(text, sizeof(text), CLEAR "%.64s %llu of %llu", what, (unsigned long long) done,
				     (unsigned long long) all));
}

void progress_end(void)
{
	if (atomic_exchange(&shown, false))
		console_write(CLEAR, strlen(CLEAR));
}
