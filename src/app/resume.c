#include <errno.h>
#include <signal.h>
#include <string.h>

#include "app/resume.h"
#include "app/progress.h"
#include "app/state.h"
#include "app/supervisor.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/log/resume.h"
#include "store/log/resume_find.h"

#define LOGS_TRIED 8 /* of resume=auto, the newest first */

/* Signals are taken once the server serves, but a stop should not have to wait for that. */
static bool stop_is_wanted(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1);
}

static bool progress(void *ctx, uint64_t done, uint64_t all)
{
	const struct app *a = ctx;

	if (!a->arguments.silent)
		progress_count("Resuming: devices", done, all);
	supervisor_starting();
	return !stop_is_wanted();
}

static void format_age(char *ret, size_t size, uint32_t saved_sec, uint32_t now)
{
	uint32_t age = (uint32_t) clock_since(now, saved_sec);

	if (saved_sec == 0)
		(void) snprintf(ret, size, "of unknown age");
	else if (age < 120)
		(void) snprintf(ret, size, "%u seconds old", age);
	else if (age < 7200)
		(void) snprintf(ret, size, "%u minutes old", age / 60);
	else if (age < 172800)
		(void) snprintf(ret, size, "%u hours old", age / 3600);
	else
		(void) snprintf(ret, size, "%u days old", age / 86400);
}

static void report(const struct resume_result *r, uint32_t now)
{
	char age[64];

	format_age(age, sizeof(age), r->saved_sec, now);
	log_info("Resumed from '%s', %s: %llu devices, %llu alerts, %llu fingerprints", r->path, age,
		 (unsigned long long) r->devices, (unsigned long long) r->alerts, (unsigned long long) r->fingerprints);
	if (r->unreadable || r->refused)
		log_warning("'%s' has %llu records and %llu values that cannot be used; they were left out", r->path,
			    (unsigned long long) r->unreadable, (unsigned long long) r->refused);
	if (r->no_room)
		log_warning("%llu devices of '%s' were left out, those not seen for the longest time: "
			    "tracker_max_devices or "
			    "norn_tracker_max_bytes is reached",
			    (unsigned long long) r->no_room, r->path);
}

/* A log that was killed as it began holds nothing, not even when. */
static bool is_empty(const struct resume_result *r)
{
	return r->devices == 0 && r->alerts == 0 && r->fingerprints == 0 && r->saved_sec == 0;
}

static int from(struct app *a, const char *path, char error[256])
{
	const struct resume_rooms rooms = {a->api.tracker, a->alerts, a->api.fingerprints, progress, a};
	uint32_t now = clock_server_sec();
	int r = resume_from(path, &rooms, now, &a->resumed, error);

	progress_end();
	if (r < 0)
		return r;
	report(&a->resumed, now);
	a->is_resumed = true;
	a->api.resumed_devices = a->resumed.devices;
	a->api.resumed_sec = a->resumed.saved_sec;
	a->api.resumed_age_sec = a->resumed.saved_sec ? (uint32_t) clock_since(now, a->resumed.saved_sec) : 0;
	a->api.is_resumed = true;
	return 0;
}

static int from_newest(struct app *a)
{
	char(*paths)[LOG_PATH_SIZE] = xalloc(LOGS_TRIED * sizeof(*paths));
	uint32_t n = resume_find(&a->conf.logs, paths, LOGS_TRIED), i = 0;
	char error[256];
	int r = 0;

	for (; i < n && r != -EINTR; i++) {
		r = from(a, paths[i], error);
		if (r < 0)
			log_warning("resume=auto: %s", error);
		else if (!is_empty(&a->resumed))
			break;
	}
	if (i == n)
		log_info("resume=auto: no log to resume from was found; starting without earlier devices");
	free(paths);
	return r == -EINTR ? r : 0;
}

int app_resume(struct app *a)
{
	const char *what = or_empty(a->conf.logs.resume);
	char error[256];
	int r = 0;

	if (strcmp(what, "auto") == 0)
		r = from_newest(a);
	else if (*what && (r = from(a, what, error)) < 0)
		log_write(LOG_LEVEL_ERROR, "resume=: %s; the server does not start", error);
	return r;
}
