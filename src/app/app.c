/* The program from its command line to its end: what it is asked for, and its ticks while it serves. */
#include "app/app.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "api/tick.h"
#include "app/detection.h"
#include "app/doctor.h"
#include "app/log_filters.h"
#include "app/overload.h"
#include "app/positions.h"
#include "app/progress.h"
#include "app/rooms.h"
#include "app/set_password.h"
#include "app/settings.h"
#include "app/stop_watch.h"
#include "app/supervisor.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/log.h"
#include "capture/lifecycle.h"
#include "detect/watched.h"
#include "phy/uav/uav.h"
#include "serve/server.h"
#include "track/tracker.h"

#define FILES_UMASK 0027
#define STATUS_SEC 10

static void report_status(struct app *a)
{
	struct tracker_counts c;

	tracker_count(a->api.tracker, &c);
	supervisor_status("%llu packets, %llu devices", (unsigned long long) c.packets, (unsigned long long) c.devices);
}

static void wait_for_end(struct app *a, const sigset_t *signals)
{
	struct timespec second = {.tv_sec = 1};
	uint32_t reported = 0;
	int signal;

	while ((signal = sigtimedwait(signals, NULL, &second)) < 0 || signal == SIGHUP) {
		uint32_t now = clock_server_sec();

		if (signal == SIGHUP)
			log_info("SIGHUP was ignored: options are read at the start only; restart the server to apply "
				 "changes");
		tracker_tick(a->api.tracker, now);
		detector_tick(a->detector, now);
		alerts_report_held_back(a->api.alerts, tracker_now(a->api.tracker));
		overload_watch(a, now);
		positions_fill(a, now);
		capture_tick(a->api.sources);
		api_tick(&a->api, a->serve);
		serve_tick(a->serve);
		supervisor_alive();
		if (!a->arguments.silent)
			progress_show(a->api.sources);
		if (now - reported >= STATUS_SEC) {
			report_status(a);
			reported = now;
		}
	}
}

static int serve_until_stopped(struct app *a)
{
	sigset_t signals, after;
	int r;

	(void) umask(FILES_UMASK); /* logs are the group's to read, whatever who started us has set */
	if (a->arguments.daemonize)
		supervisor_daemonize();
	(void) sigemptyset(&signals);
	(void) sigaddset(&signals, SIGTERM);
	(void) sigaddset(&signals, SIGINT);
	after = signals;
	(void) sigaddset(&signals, SIGHUP);
	(void) pthread_sigmask(SIG_BLOCK, &signals, NULL);
	(void) signal(SIGPIPE, SIG_IGN);
	supervisor_raise_limits();
	r = rooms_start(a);
	if (r >= 0) {
		wait_for_end(a, &signals);
		progress_end();
		log_info("Stopping");
		(void) pthread_sigmask(SIG_UNBLOCK, &after, NULL); /* a second signal ends at once */
		stop_watch_begin(a->conf.server.stop_sec);
	}
	rooms_stop(a);
	return r < 0 && r != -EINTR ? 1 : 0;
}

/* Does what the command line asks for. `errors`: of the configuration; with any, nothing is started or changed. The
 * exit status. */
static int run(struct app *a, unsigned errors)
{
	if (a->arguments.dump)
		settings_dump(a);
	if (a->arguments.doctor)
		return doctor_run(a, errors);
	if (a->arguments.check)
		return settings_check(a, errors);
	if (errors && !a->arguments.dump)
		log_write(LOG_LEVEL_ERROR, "%s: the configuration has %u error%s, see above",
			  a->arguments.set_password ? "The password was not changed" : "The server does not start",
			  errors, errors == 1 ? "" : "s");
	if (errors)
		return 1;
	if (a->arguments.set_password)
		return set_password_run(a);
	return a->arguments.dump ? 0 : serve_until_stopped(a);
}

int app_run(int argc, char **argv)
{
	struct app a = {0};
	unsigned errors;
	int r = arguments_read(argc, argv, &a.arguments);

	if (r == 0) {
		log_set_silent(a.arguments.silent);
		if (a.arguments.debug)
			log_set_level(LOG_LEVEL_DEBUG);
		errors = settings_read(&a);
		errors += detection_check(&a) + dot11_conf_read(&a.conf.dot11, options_report_fault, &a.conf.options) +
			  uav_conf_read(&a.conf.uav, options_report_fault, &a.conf.options) + log_filters_read(&a) +
			  views_read(&a);
		r = run(&a, errors);
		dot11_conf_finish(&a.conf.dot11);
		uav_conf_finish(&a.conf.uav);
		options_finish(&a.conf.options);
		log_filters_free(&a);
		user_views_destroy(a.api.user_views);
	} else {
		r = r < 0 ? 2 : 0;
	}
	arguments_finish(&a.arguments);
	return r;
}
