#include "app/app.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "api/api.h"
#include "app/arguments.h"
#include "app/supervisor.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/options.h"
#include "detect/detector.h"
#include "store/logs.h"
#include "store/notes_file.h"

#define BINDS_MAX 17
#define STATUS_SEC 10

struct app {
	struct arguments arguments;
	struct options options;
	struct api api;
	struct serve *serve;
	struct message_bus *messages;
	struct alerts *alerts;
	struct detector *detector;
	char *notes_path;
	pthread_mutex_t notes_lock; /* the file is written by one at a time */
	bool kept;                  /* the state folder can be written */
};

static void on_log(void *ctx, enum log_level level, const char *text)
{
	static const int flags[] = {MESSAGE_ERROR, MESSAGE_ERROR, MESSAGE_INFO, MESSAGE_DEBUG};

	message_post(ctx, flags[level], text);
}

static void on_open(void *ctx, uint16_t source, bool live, const struct uuid *uuid)
{
	struct app *a = ctx;

	tracker_source(a->api.tracker, source, live, uuid);
}

/* Files wait for logs; what listens live loses packets of its own. */
static void feed_on(struct app *a, const struct packet *packet)
{
	const struct radio *r = &packet->radio;
	struct packet_summary s = {.number = packet->number,
				   .time_us = packet->time_us,
				   .source = packet->source,
				   .linktype = packet->linktype,
				   .captured = (uint32_t) packet->data.left,
				   .length = packet->length,
				   .freq_khz = r->freq_khz,
				   .hash = packet->hash,
				   .signal_dbm = r->signal_dbm,
				   .noise_dbm = r->noise_dbm,
				   .has_signal = r->have & RADIO_HAS_SIGNAL,
				   .duplicate = packet->duplicate,
				   .broken = packet->broken,
				   .is_data = packet->is_data,
				   .rate_100kbps = r->rate_100kbps,
				   .bssid = packet->bssid,
				   .sender = packet->sender,
				   .destination = packet->destination,
				   .transmitter = packet->transmitter,
				   .position = packet->position};

	feed_packet(a->api.feed, &s, packet->data.p, true);
}

static void on_packet(void *ctx, struct packet *packet, uint32_t server_sec)
{
	struct app *a = ctx;

	if (packet->position.fix == POSITION_FIX_NONE)
		packet->position = locator_best(a->api.locator, NULL);
	tracker_packet(a->api.tracker, packet, server_sec);
	if (feed_active(a->api.feed))
		feed_on(a, packet);
}

static void on_close(void *ctx, uint16_t source)
{
	struct app *a = ctx;

	tracker_source_end(a->api.tracker, source);
}

static void on_failed(void *ctx, const char *name, const char *reason, bool retry)
{
	struct app *a = ctx;

	detector_raise(a->detector, "SOURCEERROR", "Source '%.128s' failed: %.256s; %s", name, reason,
		       retry ? "it is tried again in 5 seconds" : "it is not tried again");
}

static void on_recovered(void *ctx, const char *name)
{
	struct app *a = ctx;

	detector_raise(a->detector, "SOURCEOPEN", "Source '%.128s' is open again", name);
}

static bool source_uuid(void *ctx, uint16_t source, struct uuid *ret_uuid)
{
	struct app *a = ctx;

	return capture_uuid(a->api.sources, source, ret_uuid);
}

static int save_notes(void *ctx)
{
	struct app *a = ctx;
	int r;

	(void) pthread_mutex_lock(&a->notes_lock);
	r = a->kept ? notes_save(tracker_notes(a->api.tracker), a->notes_path) : ERR_DENIED;
	(void) pthread_mutex_unlock(&a->notes_lock);
	return r;
}

static struct conf_paths paths_of(const struct arguments *a)
{
	return (struct conf_paths){.conf = a->conf, .home = a->home, .bin = a->bin, .data = a->data};
}

/* The file of -f, or the standard ones when they exist. */
static int read_files(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	static const char *const names[] = {"norn.conf", "kismet.conf"};
	char path[4096];

	if (a->arguments.file)
		return conf_read(a->arguments.file, paths, c);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", a->arguments.conf, names[i]);
		if (access(path, R_OK) == 0)
			return conf_read(path, paths, c);
	}
	return 0;
}

static int read_override(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	char path[4096];

	if (!a->arguments.override)
		return 0;
	(void) snprintf(path, sizeof(path), "%s/kismet_%s.conf", a->arguments.conf,
			a->arguments.override);
	return conf_override(path, paths, c);
}

/* Sources on the command line stand in place of those of the file. */
static void add_arguments(struct app *a, struct conf *c)
{
	const struct conf *from = &a->arguments.values;
	bool sources = false;

	for (size_t i = 0; i < from->n; i++)
		sources |= strcmp(from->values[i].name, "source") == 0;
	for (size_t i = 0; sources && i < c->n; i++)
		if (strcasecmp(c->values[i].name, "source") == 0)
			c->values[i].name[0] = '#'; /* of no option */
	for (size_t i = 0; i < from->n; i++)
		conf_add(c, from->values[i].name, from->values[i].value, NULL, 0);
}

/* The number of errors. */
static unsigned read_options(struct app *a)
{
	struct conf_paths paths = paths_of(&a->arguments);
	struct conf c = {0};
	struct conf kept = {0};
	unsigned errors = 0;

	options_default(&a->options);
	errors += read_files(a, &paths, &c) < 0;
	errors += read_override(a, &paths, &c) < 0;
	add_arguments(a, &c);
	for (size_t i = 0; i < c.n; i++)
		if (c.values[i].name[0] != '#')
			conf_add(&kept, c.values[i].name, c.values[i].value, c.values[i].file,
				 c.values[i].line);
	errors += options_set(&a->options, &kept, &paths);
	conf_finish(&c);
	conf_finish(&kept);
	return errors;
}

static void dump_options(const struct app *a)
{
	struct buf b = {0};

	options_print(&a->options, &b);
	(void) fputs(buf_text(&b), stdout);
	buf_finish(&b);
}

static int check_sources(const struct app *a)
{
	int wrong = 0;

	for (size_t i = 0; i < a->options.source.n; i++) {
		char reason[SOURCE_TEXT_SIZE];

		if (capture_check(a->options.source.items[i], reason) < 0) {
			wrong++;
			(void) printf("source=%s: %s\n", a->options.source.items[i], reason);
		} else {
			(void) printf("source=%s: would start\n", a->options.source.items[i]);
		}
	}
	return wrong;
}

/* A list of options as texts that end with NULL; the caller frees the array. */
static const char **as_texts(const struct string_list *l)
{
	const char **texts = xnew(const char *, l->n + 1);

	for (size_t i = 0; i < l->n; i++)
		texts[i] = l->items[i];
	return texts;
}

static unsigned start_detection(struct app *a)
{
	const struct options *o = &a->options;
	cleanup_free const char **apspoof = as_texts(&o->apspoof), **canary = as_texts(&o->ssidcanary);
	cleanup_free const char **found = as_texts(&o->devicefound), **lost = as_texts(&o->devicelost);
	struct detector_conf conf = {.apspoof = apspoof,
				     .ssidcanary = canary,
				     .found = found,
				     .lost = lost,
				     .found_timeout_sec = o->devicefound_timeout,
				     .lost_timeout_sec = o->devicelost_timeout,
				     .max_signal = o->dot11_max_signal};
	unsigned errors = 0;

	a->alerts = alerts_create(o->alertbacklog, a->messages);
	a->detector = detector_create(&conf, a->alerts, a->api.tracker, &errors);
	for (size_t i = 0; i < o->alert.n; i++)
		if (alerts_configure(a->alerts, o->alert.items[i]) == ERR_MALFORMED) {
			log_write(LOG_LEVEL_ERROR, "alert=%.128s: expected NAME,10/min,1/sec",
				  o->alert.items[i]);
			errors++;
		}
	if (a->api.tracker)
		detector_start(a->detector);
	a->api.alerts = a->alerts;
	a->api.detector = a->detector;
	return errors;
}

/* Whether rules of alerts can be read: the number of errors. */
static unsigned check_detection(struct app *a)
{
	unsigned errors = start_detection(a);

	detector_destroy(a->detector);
	alerts_destroy(a->alerts);
	a->detector = NULL;
	a->alerts = NULL;
	return errors;
}

/* What --check says: 0 when the server would start as it is meant to. */
static int check(const struct app *a, unsigned errors)
{
	int wrong = (int) errors + check_sources(a);

	for (size_t i = 0; i < a->options.httpd_bind_address.n; i++)
		(void) printf("would listen on %s port %u\n", a->options.httpd_bind_address.items[i],
			      a->options.httpd_port);
	if (!a->options.httpd_password && access(a->options.httpd_auth_file, R_OK) != 0)
		(void) puts("no login is set: commands are refused until one is "
			    "(httpd_username and httpd_password, or /session/set_password)");
	(void) printf("%d error%s\n", wrong, wrong == 1 ? "" : "s");
	return wrong ? 1 : 0;
}

/* Creates the folder and those above it. */
static int make_folder(const char *path)
{
	cleanup_free char *part = xstrdup(path);

	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(part, 0700) == 0 || errno == EEXIST ? 0 : -errno;
}

static char *state_path(const struct app *a, const char *name)
{
	const char *folder = a->options.configdir ? a->options.configdir : ".";
	size_t n = strlen(folder) + strlen(name) + 2;
	char *path = xalloc(n);

	(void) snprintf(path, n, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
	return path;
}

/* The server's uuid: of the options, or the one that was made at the first start. */
static struct uuid server_uuid(const struct app *a)
{
	cleanup_free char *path = state_path(a, "server_uuid");
	cleanup_fclose FILE *f = NULL;
	char text[UUID_TEXT_SIZE + 1] = "";
	struct uuid u;

	if (a->options.server_uuid &&
	    uuid_parse(a->options.server_uuid, strlen(a->options.server_uuid), &u) >= 0)
		return u;
	f = fopen(path, "re");
	if (f && fgets(text, UUID_TEXT_SIZE, f) && uuid_parse(text, strlen(text), &u) >= 0)
		return u;
	if (f)
		(void) fclose(f);
	u = uuid_random();
	f = a->kept ? fopen(path, "we") : NULL;
	uuid_format(&u, text);
	if (f)
		(void) fprintf(f, "%s\n", text);
	return u;
}

/* Half of what the machine, or its control group, has. */
static uint64_t half_of_memory(void)
{
	uint64_t bytes = (uint64_t) sysconf(_SC_PHYS_PAGES) * (uint64_t) sysconf(_SC_PAGESIZE);
	cleanup_fclose FILE *f = fopen("/sys/fs/cgroup/memory.max", "re");
	unsigned long long limit;

	if (f && fscanf(f, "%llu", &limit) == 1 && limit < bytes)
		bytes = limit;
	return bytes / 2;
}

/* load_alert=NAME:text */
static void raise_loaded(struct app *a, const char *text)
{
	struct alert_definition d = {.alert_class = "SYSTEM", .severity = SEVERITY_CRITICAL,
				     .phy = UINT32_MAX, .description = "From load_alert=.",
				     .throttle = {.limit = {1, RATE_DAY}, .burst = {1, RATE_DAY}}};
	size_t n = strcspn(text, ":");

	(void) snprintf(d.name, sizeof(d.name), "%.*s", (int) (n < 63 ? n : 63), text);
	(void) alerts_define(a->alerts, &d);
	detector_raise(a->detector, d.name, "%s", text[n] ? text + n + 1 : text);
}

/* What the server tells of itself when it starts. */
static void raise_at_start(struct app *a)
{
	if (getuid() == 0)
		detector_raise(a->detector, "ROOTUSER", "The server runs as root: an attack on it would "
							"own this machine. It needs no privileges.");
	if (a->options.httpd_password)
		detector_raise(a->detector, "GLOBALHTTPDUSER",
			       "The login stands in the main configuration; %s is the safer place",
			       a->options.httpd_auth_file ? a->options.httpd_auth_file : "httpd_auth_file");
	for (size_t i = 0; i < a->options.load_alert.n; i++)
		raise_loaded(a, a->options.load_alert.items[i]);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* "5/sec", "300/min" or "0.2/dwell" (seconds a channel) as channels a second. */
static double hop_rate(const char *text)
{
	char *unit;
	double n = strtod(text, &unit);

	if (strncmp(unit, "/min", 4) == 0)
		return n / 60;
	return strncmp(unit, "/dwell", 6) == 0 && n > 0 ? 1 / n : n;
}

static void start_capture(struct app *a)
{
	const struct options *o = &a->options;
	struct capture_defaults d = {.hop_rate = hop_rate(or_empty(o->channel_hop_speed)),
				     .hop = o->channel_hop,
				     .split = o->split_source_hopping,
				     .shuffle = o->randomized_hopping,
				     .retry = o->retry_on_source_error,
				     .remote_timestamp = o->override_remote_timestamp,
				     .remote_port = o->remote_capture_port};

	(void) snprintf(d.remote_listen, sizeof(d.remote_listen), "%s",
			or_empty(o->remote_capture_listen));
	a->api.sources = capture_create(&d, (struct packet_sink){on_open, on_packet, on_close, on_failed,
								    on_recovered, a});
}

static void start_tracking(struct app *a)
{
	const struct options *o = &a->options;
	struct tracker_conf track = {
		.oui_file = o->ouifile,
		.max_devices = o->tracker_max_devices,
		.max_bytes = o->tracker_max_bytes ? o->tracker_max_bytes : half_of_memory(),
		.timeout_sec = o->tracker_device_timeout,
		.timeout_packets = o->tracker_device_packets,
		.signal_from_beacon = o->dot11_ap_signal_from_beacon,
		.keep_eapol = o->dot11_keep_eapol,
		.histories = o->track_device_rrds,
		.server_uuid = a->api.server_uuid,
		.source_uuid = source_uuid,
		.ctx = a};

	a->api.tracker = tracker_create(&track);
	a->notes_path = state_path(a, "devices.jsonl");
	(void) notes_load(tracker_notes(a->api.tracker), a->notes_path);
}


/* Logs that the options ask for; each that cannot be opened is told, and the server goes on. */
static void start_logs(struct app *a)
{
	const struct options *o = &a->options;
	const struct log_conf conf = {.title = or_empty(o->log_title),
				      .prefix = or_empty(o->log_prefix),
				      .file_template = or_empty(o->log_template),
				      .home = a->arguments.home,
				      .device_sec = o->kis_log_device_rate,
				      .source_sec = o->kis_log_datasource_rate,
				      .packets = o->kis_log_packets,
				      .duplicates = o->kis_log_duplicate_packets,
				      .data = o->kis_log_data_packets,
				      .devices = o->kis_log_devices,
				      .sources = o->kis_log_datasources,
				      .messages = o->kis_log_messages,
				      .alerts = o->kis_log_alerts,
				      .gps_track = o->kis_log_gps_track,
				      .start_sec = a->api.start_us / 1000000};
	const struct log_rooms rooms = {a->api.feed,	a->api.tracker, a->api.sources,
					a->messages,	a->alerts,	a->api.locator};

	a->api.logs = logs_create(&conf, &rooms);
	for (size_t i = 0; o->enable_logging && i < o->log_types.n; i++) {
		struct log_record r;
		char reason[256];

		if (logs_start(a->api.logs, o->log_types.items[i], NULL, &r, reason) < 0)
			log_write(LOG_LEVEL_ERROR, "log_types=%s: %s", o->log_types.items[i], reason);
	}
}

static void start_rooms(struct app *a)
{
	const struct options *o = &a->options;
	int r = o->configdir ? make_folder(o->configdir) : ERR_NOT_FOUND;

	a->kept = r >= 0;
	if (r < 0)
		log_warning("Nothing can be kept for the next run in '%s': %s", or_empty(o->configdir),
			    err_text(r));
	a->messages = message_bus_create();
	log_set_hook(on_log, a->messages);
	(void) pthread_mutex_init(&a->notes_lock, NULL);
	api_prepare();
	a->api.messages = a->messages;
	a->api.feed = feed_create();
	a->api.streams = streams_create();
	a->api.locator = locator_create();
	for (size_t i = 0; i < o->gps.n; i++) {
		char reason[160];

		if (locator_add(a->api.locator, o->gps.items[i], reason) < 0)
			log_write(LOG_LEVEL_ERROR, "gps=%.128s: %s", o->gps.items[i], reason);
	}
	a->api.start_us = clock_server_us();
	a->api.server_uuid = server_uuid(a);
	a->api.server_name = or_empty(o->server_name);
	a->api.server_description = or_empty(o->server_description);
	a->api.server_location = or_empty(o->server_location);
	a->api.allow_auth_creation = o->httpd_allow_auth_creation;
	a->api.allow_auth_view = o->httpd_allow_auth_view;
	a->api.save_notes = save_notes;
	a->api.ctx = a;
	start_tracking(a);
	(void) start_detection(a);
	start_capture(a);
	start_logs(a);
}

static int start_serving(struct app *a)
{
	const struct options *o = &a->options;
	cleanup_free char *old = xalloc(strlen(a->arguments.home) + 32);
	const char *addresses[BINDS_MAX + 1] = {0};
	struct serve_conf conf = {.bind_addresses = addresses,
				  .unix_socket = o->httpd_unix_socket,
				  .port = (uint16_t) o->httpd_port,
				  .username = o->httpd_username,
				  .password = o->httpd_password,
				  .auth_file = o->httpd_auth_file,
				  .auth_file_old = old,
				  .session_file = o->httpd_session_db,
				  .session_timeout_sec = o->httpd_session_timeout,
				  .require_login = o->httpd_require_login,
				  .uri_prefix = o->httpd_uri_prefix,
				  .home = o->httpd_home,
				  .allow_cors = o->httpd_allow_cors,
				  .allowed_origin = o->httpd_allowed_origin,
				  .flat_ekjson = o->httpd_ekjson_flatten,
				  .tls_cert = o->httpd_ssl ? or_empty(o->httpd_ssl_cert) : NULL,
				  .tls_key = o->httpd_ssl ? or_empty(o->httpd_ssl_key) : NULL,
				  .tables = api_tables,
				  .ctx = &a->api};
	int r;

	(void) sprintf(old, "%s/.kismet/kismet_httpd.conf", a->arguments.home);
	for (size_t i = 0; i < o->httpd_bind_address.n && i < BINDS_MAX; i++)
		addresses[i] = o->httpd_bind_address.items[i];
	r = serve_start(&conf, &a->serve);
	for (size_t i = 0; r >= 0 && addresses[i]; i++)
		log_info(strchr(addresses[i], ':') ? "Serving on %s://[%s]:%u/" : "Serving on %s://%s:%u/",
			 o->httpd_ssl ? "https" : "http", addresses[i], serve_port(a->serve));
	return r;
}

static void start_sources(struct app *a)
{
	for (size_t i = 0; i < a->options.source.n; i++) {
		char reason[SOURCE_TEXT_SIZE];

		if (capture_add(a->api.sources, a->options.source.items[i], true,
				reason) < 0)
			log_write(LOG_LEVEL_ERROR, "%s", reason);
	}
}

static void tell_status(struct app *a)
{
	struct tracker_counts c;

	tracker_count(a->api.tracker, &c);
	supervisor_status("%llu packets, %llu devices", (unsigned long long) c.packets,
			  (unsigned long long) c.devices);
}

static void wait_for_end(struct app *a, const sigset_t *signals)
{
	struct timespec second = {.tv_sec = 1};
	uint32_t told = 0;
	int signal;

	while ((signal = sigtimedwait(signals, NULL, &second)) < 0 || signal == SIGHUP) {
		uint32_t now = clock_server_sec();

		if (signal == SIGHUP)
			log_info("SIGHUP: options are read at the start only");
		tracker_tick(a->api.tracker, now);
		detector_tick(a->detector, now);
		capture_tick(a->api.sources);
		supervisor_alive();
		if (now - told >= STATUS_SEC) {
			tell_status(a);
			told = now;
		}
	}
}

static void stop(struct app *a)
{
	supervisor_stopping();
	serve_stop(a->serve);
	if (a->api.sources)
		capture_stop(a->api.sources);
	logs_destroy(a->api.logs);
	tracker_destroy(a->api.tracker);
	detector_destroy(a->detector);
	alerts_destroy(a->alerts);
	capture_destroy(a->api.sources);
	feed_destroy(a->api.feed);
	streams_destroy(a->api.streams);
	locator_destroy(a->api.locator);
	log_set_hook(NULL, NULL);
	message_bus_destroy(a->messages);
	(void) pthread_mutex_destroy(&a->notes_lock);
	free(a->notes_path);
}

static int serve_until_stopped(struct app *a)
{
	sigset_t signals, after;
	int r;

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
	start_rooms(a);
	r = start_serving(a);
	if (r >= 0) {
		supervisor_serving();
		supervisor_ready();
		raise_at_start(a);
		start_sources(a);
		wait_for_end(a, &signals);
		log_info("Stopping");
		(void) pthread_sigmask(SIG_UNBLOCK, &after, NULL); /* a second signal ends at once */
	}
	stop(a);
	return r < 0 ? 1 : 0;
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
		errors = read_options(&a);
		errors += check_detection(&a);
		if (a.arguments.dump)
			dump_options(&a);
		if (a.arguments.check)
			r = check(&a, errors);
		else if (errors)
			r = 1;
		else if (!a.arguments.dump)
			r = serve_until_stopped(&a);
		options_finish(&a.options);
	} else {
		r = r < 0 ? 2 : 0;
	}
	arguments_finish(&a.arguments);
	return r;
}
