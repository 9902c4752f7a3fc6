#include "app/app.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api/system.h"
#include "api/tick.h"
#include "app/detection.h"
#include "app/home.h"
#include "app/log_filters.h"
#include "app/overload.h"
#include "app/positions.h"
#include "app/progress.h"
#include "app/doctor.h"
#include "app/resume.h"
#include "app/set_password.h"
#include "app/settings.h"
#include "app/state.h"
#include "app/supervisor.h"
#include "app/views.h"
#include "app/pipeline.h"
#include "detect/watched.h"
#include "locate/locator.h"
#include "phy/adsb/adsb.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/phys.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"
#include "base/stop.h"
#include "conf/secret.h"
#include "phy/uav/uav.h"
#include "plugin/plugin.h"
#include "capture/announce.h"
#include "store/state/annotations_file.h"

#define FILES_UMASK 0027
#define LAST_US 1500000 /* before the server has to have ended: no more than its logs is cared for */
#define STATUS_SEC 10
#define STOP_MARGIN_US UINT64_C(1500000) /* what is planned for a stop ends so much before norn_stop_seconds */

static void on_log(void *ctx, enum log_level level, const char *text)
{
	static const int flags[] = {MESSAGE_ERROR, MESSAGE_ERROR, MESSAGE_INFO};
	char plain[MESSAGE_TEXT_SIZE];

	if (level == LOG_LEVEL_DEBUG) /* for the terminal alone: there are too many for the message bus */
		return;
	(void) snprintf(plain, sizeof(plain), "%s", text);
	secret_mask(plain, sizeof(plain)); /* anybody on this machine may read messages */
	message_post(ctx, flags[level], plain);
}

static bool source_uuid(void *ctx, uint16_t source, struct uuid *ret_uuid)
{
	struct app *a = ctx;

	return capture_uuid(a->api.sources, source, ret_uuid);
}

static void source_shown(void *ctx, struct source_shown *shown)
{
	struct app *a = ctx;

	capture_names(a->api.sources, &shown->uuid, shown->name, shown->interface, shown->hardware, SOURCE_SHOWN_SIZE);
}

static int save_annotations(void *ctx)
{
	struct app *a = ctx;
	int r;

	(void) pthread_mutex_lock(&a->annotations_lock);
	r = a->kept ? annotations_save(tracker_annotations(a->api.tracker), a->annotations_path) : ERR_DENIED;
	(void) pthread_mutex_unlock(&a->annotations_lock);
	return r;
}

static int start_capture(struct app *a)
{
	a->api.sources = capture_create(&a->conf.capture, pipeline_sink(a));
	return 0;
}

/* Kismet's configuration names a file that only Kismet installs; Debian's lists replace it. */
static void check_vendor_file(struct track_conf *c)
{
	if (!c->oui_file || access(c->oui_file, R_OK) == 0)
		return;
	log_warning("ouifile=%s: %s; Debian's lists of vendors are used instead", c->oui_file, strerror(errno));
	free(TAKE(c->oui_file));
}

static int start_tracking(struct app *a)
{
	cleanup_free char *path = home_path(a, "fingerprints.jsonl");
	struct track_conf *c = &a->conf.track;

	check_vendor_file(c);
	c->server_uuid = a->api.server_uuid;
	c->source_uuid = source_uuid;
	c->source_shown = source_shown;
	c->ctx = a;
	c->phys = built_in_phys;
	c->phy_conf[PHY_DOT11] = &a->conf.dot11;
	c->phy_conf[PHY_BTLE] = &a->conf.btle;
	c->phy_conf[PHY_ADSB] = &a->conf.adsb;
	c->phy_conf[PHY_UAV] = &a->conf.uav;
	a->api.tracker = tracker_create(c);
	a->api.devices = tracker_devices(a->api.tracker);
	a->annotations_path = home_path(a, "devices.jsonl");
	(void) annotations_load(tracker_annotations(a->api.tracker), a->annotations_path);
	a->api.fingerprints = fingerprints_open(path);
	return 0;
}

/* The log that alerts refer to. */
static void log_path(void *ctx, char *ret_path, size_t size)
{
	struct app *a = ctx;
	char path[LOG_PATH_SIZE] = "";

	if (logs_kismetdb(a->api.logs, path))
		(void) snprintf(ret_path, size, "%s", path);
}

static void write_status(void *ctx, struct buf *out)
{
	struct app *a = ctx;

	api_write_status(&a->api, out);
}

static int start_logs(struct app *a)
{
	struct log_conf *c = &a->conf.logs;
	const struct log_rooms rooms = {.feed = a->api.feed,
					.tracker = a->api.tracker,
					.sources = a->api.sources,
					.messages = a->messages,
					.alerts = a->alerts,
					.locator = a->api.locator,
					.fingerprints = a->api.fingerprints,
					.pois = a->api.pois,
					.devices = a->api.device_filter,
					.packets = a->api.packet_filter,
					.write_status = write_status,
					.has_own_position = positions_has_own,
					.ctx = a};

	c->home = a->arguments.home;
	c->data_folder = or_empty(a->arguments.data);
	c->conf_folder = or_empty(a->arguments.conf);
	c->bin_folder = or_empty(a->arguments.bin);
	c->start_sec = a->api.start_us / 1000000;
	a->api.logs = logs_create(c, &rooms);
	alerts_set_log(a->alerts, log_path, a);
	return 0;
}

/* Opens the logs of the options, once plugins have added their classes; one that cannot be opened is reported, and
 * the server goes on. */
static void open_logs(struct app *a)
{
	const struct log_conf *c = &a->conf.logs;

	for (size_t i = 0; c->enabled && i < c->types.n; i++) {
		struct log_record r;
		char reason[256];

		int err = logs_start(a->api.logs, c->types.items[i], NULL, true, &r, reason);

		if (err >= 0)
			continue;
		log_write(LOG_LEVEL_ERROR, "log_types=%s: %s", c->types.items[i], reason);
		alerts_format(a->alerts, "LOGFAILED", "Cannot open the log '%.64s': %.256s%s", c->types.items[i],
			      reason, err == ERR_DENIED ? "; it is tried again" : "");
	}
}

static int start_plugins(struct app *a)
{
	const struct plugin_rooms rooms = {a->api.tracker, a->alerts, a->api.logs, a->api.user_views};
	cleanup_free char *installed = xalloc(strlen(a->arguments.data) + 16), *own = home_path(a, "plugins");

	if (!a->conf.server.allow_plugins)
		return 0;
	(void) sprintf(installed, "%s/plugins", a->arguments.data);
	a->api.plugins = plugins_create(&rooms);
	plugins_load(a->api.plugins, installed);
	plugins_load(a->api.plugins, own);
	return 0;
}

static int start_state(struct app *a)
{
	const char *folder = a->conf.server.folder;
	int r = folder ? make_folders(folder) : ERR_NOT_FOUND;

	a->kept = r >= 0;
	if (r >= 0)
		(void) chmod(folder, 0700); /* logins and keys are in it; that of somebody else stays as it is */
	if (r < 0)
		log_warning(
			"Names, tags and logins will be lost at the end: cannot use the folder '%s' (configdir=): %s",
			or_empty(folder), err_text(r));
	(void) pthread_mutex_init(&a->annotations_lock, NULL);
	return 0;
}

static void remove_state(struct app *a)
{
	(void) pthread_mutex_destroy(&a->annotations_lock);
	free(a->annotations_path);
	free(a->web);
	free(a->setup_file);
	free(a->routes);
}

static int start_messages(struct app *a)
{
	a->messages = message_bus_create();
	a->api.events = events_create();
	message_bus_events(a->messages, a->api.events);
	log_set_clear(progress_end);
	log_set_hook(on_log, a->messages);
	a->api.messages = a->messages;
	return 0;
}

static void stop_messages(struct app *a)
{
	log_set_hook(NULL, NULL);
	message_bus_destroy(a->messages);
	events_destroy(a->api.events);
}

static int start_feed(struct app *a)
{
	a->api.feed = feed_create();
	a->api.streams = streams_create();
	a->api.pois = pois_create();
	return 0;
}

static void stop_feed(struct app *a)
{
	feed_destroy(a->api.feed);
	streams_destroy(a->api.streams);
	pois_destroy(a->api.pois);
}

static int start_locating(struct app *a)
{
	const struct string_list *gps = &a->conf.locate.gps;

	a->api.locator = locator_create();
	for (size_t i = 0; i < gps->n; i++) {
		char reason[160];

		if (locator_add(a->api.locator, gps->items[i], reason) < 0)
			(void) options_fault(&a->conf.options, "gps", gps->items[i], reason);
	}
	return 0;
}

static void stop_locating(struct app *a)
{
	locator_destroy(a->api.locator);
	positions_destroy(a);
}

/* What endpoints show of the server. */
static int describe_server(struct app *a)
{
	a->api.start_us = clock_server_us();
	a->api.server_uuid = home_server_uuid(a);
	a->api.conf = &a->conf.api;
	a->api.save_annotations = save_annotations;
	a->api.ctx = a;
	return 0;
}

static void stop_tracking(struct app *a)
{
	tracker_destroy(a->api.tracker);
	fingerprints_close(a->api.fingerprints);
}

static int start_detecting(struct app *a)
{
	(void) detection_start(a);
	alerts_events(a->alerts, a->api.events);
	tracker_on_event(a->api.tracker, pipeline_event, a);
	return 0;
}

static void stop_detecting(struct app *a)
{
	delivery_destroy(a->delivery);
	detector_destroy(a->detector);
	alerts_destroy(a->alerts);
}

static void stop_capture(struct app *a)
{
	capture_destroy(a->api.sources);
}

static int start_views(struct app *a)
{
	(void) log_filters_read(a);
	(void) views_read(a);
	return 0;
}

static void stop_views(struct app *a)
{
	user_views_destroy(TAKE(a->api.user_views));
}

static void stop_plugins(struct app *a)
{
	plugins_stop(a->api.plugins);
}

static void remove_plugins(struct app *a)
{
	plugins_destroy(a->api.plugins);
}

/* Devices of an earlier run come back before the first log is written. */
static int resume(struct app *a)
{
	int r = app_resume(a);

	if (a->is_resumed)
		logs_resumed(a->api.logs, a->resumed.path, a->resumed.alerts);
	return r;
}

/* With them all is kept; what is left is to free the memory of many devices, which takes long. */
static void stop_logs(struct app *a)
{
	logs_destroy(a->api.logs);
	if (stop_left_us() < LAST_US) {
		log_info("Stopped; the rest would take longer than norn_stop_seconds");
		_exit(0);
	}
}

static void stop_sources(struct app *a)
{
	if (a->api.sources)
		capture_stop(a->api.sources);
}

/* The web interface's folder: httpd_home, what is installed, or what was built beside this program. */
char *app_web_folder(const struct app *a)
{
	char *path = xalloc(PATH_MAX + 16), *slash;
	ssize_t n;

	if (a->conf.serve.chosen_home && access(a->conf.serve.chosen_home, X_OK) == 0)
		return strcpy(path, a->conf.serve.chosen_home);
	if (a->conf.serve.chosen_home)
		log_warning("httpd_home=%s: %s; norn's own web interface is served instead", a->conf.serve.chosen_home,
			    strerror(errno));
	(void) snprintf(path, PATH_MAX, "%s/web/index.html", a->arguments.data);
	if (access(path, R_OK) == 0) {
		path[strlen(path) - strlen("/index.html")] = '\0';
		return path;
	}
	n = readlink("/proc/self/exe", path, PATH_MAX);
	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	(void) strcpy(slash ? slash : path, "/web");
	return path;
}

/* The server's own routes come first, so that a plugin cannot replace them. */
static const struct route_table **all_routes(struct app *a)
{
	const struct route_table **all;
	size_t n = 0;

	while (api_tables[n])
		n++;
	all = xnew(const struct route_table *, n + 2);
	memcpy(all, api_tables, n * sizeof(*all));
	if (a->api.plugins)
		all[n] = plugins_routes(a->api.plugins);
	return all;
}

static bool plugin_folder(void *ctx, const char *name, size_t n, char *ret, size_t size)
{
	return plugins_web(((const struct api *) ctx)->plugins, name, n, ret, size);
}

/* Which login there is; while there is none, serve says how the first one is set. */
static void report_login(const struct app *a)
{
	enum login_state state = serve_login_state(a->serve);

	if (state == LOGIN_GLOBAL)
		log_info("The login is the one of httpd_username= in the configuration");
	if (state == LOGIN_FILE)
		log_info("The login is in '%s'; norn --set-password changes it", or_empty(a->conf.serve.auth_file));
}

static int start_serving(struct app *a)
{
	cleanup_free char *old = xalloc(strlen(a->arguments.home) + 32);
	struct serve_conf *c = &a->conf.serve;
	const struct string_list *addresses = &c->bind_addresses;
	int r;

	(void) sprintf(old, "%s/.kismet/kismet_httpd.conf", a->arguments.home);
	c->auth_file_old = old;
	c->setup_file = a->setup_file = a->kept ? home_path(a, "first_login_token") : NULL;
	c->home = a->web = app_web_folder(a);
	c->map_tiles = a->conf.api.map_tiles;
	c->plugin_folder = plugin_folder;
	c->tables = a->routes = all_routes(a);
	c->ctx = &a->api;
	r = serve_start(c, &a->serve);
	c->auth_file_old = NULL;
	if (r >= 0)
		open_logs(a); /* a start that fails leaves none behind; clients find them from the first request on */
	for (size_t i = 0; r >= 0 && i < addresses->n; i++)
		log_info(strchr(addresses->items[i], ':') ? "Serving on %s://[%s]:%u/" : "Serving on %s://%s:%u/",
			 c->tls ? "https" : "http", addresses->items[i], serve_port(a->serve));
	if (r >= 0)
		report_login(a);
	return r;
}

static void start_announcing(struct app *a)
{
	const struct capture_conf *c = &a->conf.capture;
	struct announcement what = {.http_port = serve_port(a->serve),
				    .sensor_port = capture_port(a->api.sources),
				    .uuid = a->api.server_uuid};
	int r;

	if (!c->announce)
		return;
	(void) snprintf(what.name, sizeof(what.name), "%s", or_empty(a->conf.api.server_name));
	r = announce_start(a->api.sources, or_empty(c->announce_address), (uint16_t) c->announce_port, &what);
	if (r < 0)
		log_write(LOG_LEVEL_ERROR, "server_announce_address=%s: %s", or_empty(c->announce_address),
			  err_text(r));
}

static void start_sources(struct app *a)
{
	char error[SOURCE_TEXT_SIZE];

	if (capture_listen(a->api.sources, error) < 0)
		log_write(LOG_LEVEL_ERROR, "%s", error);
	start_announcing(a);
	for (size_t i = 0; i < a->conf.capture.sources.n; i++) {
		char reason[SOURCE_TEXT_SIZE];

		if (capture_add(a->api.sources, a->conf.capture.sources.items[i], true, reason) < 0)
			log_write(LOG_LEVEL_ERROR, "%s", reason);
	}
}

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

static void stop_serving(struct app *a)
{
	serve_stop(a->serve);
}

/* Logs and sources; a start that fails leaves no log behind. */
static int open_sources(struct app *a)
{
	supervisor_serving();
	supervisor_ready();
	detection_raise_at_start(a);
	start_sources(a);
	return 0;
}

/* Sources that live are let go of before readers are, which wait for them. */
static void dismiss_sources(struct app *a)
{
	stop_by(clock_monotonic_us() + a->conf.server.stop_sec * UINT64_C(1000000) - STOP_MARGIN_US);
	supervisor_stopping();
	if (a->api.sources)
		capture_dismiss(a->api.sources);
}

/* The rooms, in the order in which they start; they stop in the order of the rows from below. A start that fails ends
 * the server. What stops takes also what has not started. */
static const struct {
	int (*start)(struct app *a);
	void (*stop)(struct app *a);
} rooms[] = {
	{NULL, remove_plugins}, /* their code: others may name it to the end */
	{start_state, remove_state},
	{start_messages, stop_messages},
	{start_locating, stop_locating},
	{start_feed, stop_feed},
	{describe_server, NULL},
	{start_tracking, stop_tracking},
	{start_detecting, stop_detecting},
	{start_capture, stop_capture},
	{start_views, stop_views},
	{start_logs, NULL},
	{start_plugins, stop_plugins}, /* their phys have to be there before devices, their classes before logs */
	{resume, stop_logs},
	{NULL, stop_sources}, /* no packet comes to those above any more */
	{start_serving, stop_serving},
	{open_sources, dismiss_sources},
};

static int start(struct app *a)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(rooms); i++)
		if (rooms[i].start)
			r = rooms[i].start(a);
	return r;
}

static void stop(struct app *a)
{
	for (size_t i = ARRAY_SIZE(rooms); i-- > 0;)
		if (rooms[i].stop)
			rooms[i].stop(a);
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
	r = start(a);
	if (r >= 0) {
		wait_for_end(a, &signals);
		progress_end();
		log_info("Stopping");
		(void) pthread_sigmask(SIG_UNBLOCK, &after, NULL); /* a second signal ends at once */
	}
	stop(a);
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
