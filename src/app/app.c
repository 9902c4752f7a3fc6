#include "app/app.h"

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/file.h"

struct app {
	struct conf conf;
	struct api api;
	struct serve *serve;
	struct message_bus *messages;
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

static void on_packet(void *ctx, struct packet *packet, uint32_t server_sec)
{
	struct app *a = ctx;

	tracker_packet(a->api.tracker, packet, server_sec);
}

static bool source_uuid(void *ctx, uint16_t source, struct uuid *ret_uuid)
{
	struct app *a = ctx;

	return capture_uuid(a->api.sources, source, ret_uuid);
}

static const char help[] =
	"Usage: norn [OPTION]... [SOURCE]...\n"
	"A wireless monitor: tracks every device in captures and serves them over REST.\n\n"
	"  -f, --config-file FILE      read options from FILE\n"
	"  -c, --capture-source DEF    capture from a source, such as wlan0 or capture.pcap\n"
	"      --homedir DIR           where the user's files are\n"
	"  -s, --silent                write nothing to the terminal\n"
	"  -v, --version               show the version\n"
	"  -h, --help                  show this\n\n"
	"Example: norn -c tests/captures/sample.pcap\n"
	"  then: curl http://127.0.0.1:2501/devices/views/all/devices.json\n";

/* 0 to go on, 1 when all is said, negative for bad arguments. */
static int read_arguments(struct app *a, int argc, char **argv)
{
	static const struct option options[] = {
		{"config-file", required_argument, NULL, 'f'},
		{"capture-source", required_argument, NULL, 'c'},
		{"homedir", required_argument, NULL, 'H'},
		{"silent", no_argument, NULL, 's'},
		{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *file = NULL;
	struct conf extra = {0};
	int c;

	while ((c = getopt_long(argc, argv, "f:c:svh", options, NULL)) >= 0) {
		switch (c) {
		case 'f': file = optarg; break;
		case 'c': conf_add(&extra, "source", optarg, 0); break;
		case 'H': break;
		case 's': log_set_silent(1); break;
		case 'v': puts("norn " NORN_VERSION); return 1;
		case 'h': (void) fputs(help, stdout); return 1;
		default: (void) fputs("Try 'norn --help'.\n", stderr); return -1;
		}
	}
	if (file && conf_read(file, &a->conf) < 0)
		return -1;
	for (; optind < argc; optind++)
		conf_add(&extra, "source", argv[optind], 0);
	for (size_t i = 0; i < extra.n; i++)
		conf_add(&a->conf, extra.values[i].name, extra.values[i].value, 0);
	conf_finish(&extra);
	return 0;
}

static void start_rooms(struct app *a)
{
	struct tracker_conf track = {.oui_file = conf_get(&a->conf, "ouifile"),
				     .signal_from_beacon = true,
				     .keep_eapol = true,
				     .histories = true,
				     .server_uuid = uuid_random(),
				     .source_uuid = source_uuid,
				     .ctx = a};

	a->messages = message_bus_create();
	log_set_hook(on_log, a->messages);
	api_prepare();
	a->api.messages = a->messages;
	a->api.start_us = clock_server_us();
	a->api.server_uuid = track.server_uuid;
	a->api.server_name = a->api.server_description = a->api.server_location = "";
	a->api.allow_auth_creation = a->api.allow_auth_view = true;
	a->api.tracker = tracker_create(&track);
	a->api.sources = capture_create((struct packet_sink){on_open, on_packet, a});
}

static int start_serving(struct app *a)
{
	const char *port = conf_get(&a->conf, "httpd_port");
	long n = port ? strtol(port, NULL, 10) : 2501;
	const char *address = conf_get(&a->conf, "httpd_bind_address");
	const char *addresses[] = {address ? address : "127.0.0.1", NULL};
	struct serve_conf conf = {.bind_addresses = addresses,
				  .port = (uint16_t) n,
				  .username = conf_get(&a->conf, "httpd_username"),
				  .password = conf_get(&a->conf, "httpd_password"),
				  .tables = api_tables,
				  .ctx = &a->api};
	int r;

	if (n < 0 || n > 65535)
		return log_error(-1, "httpd_port: '%s' is not a port; allowed are 0 to 65535", port);
	r = serve_start(&conf, &a->serve);
	if (r >= 0)
		log_info("Serving on http://%s:%u/", addresses[0],
			 serve_port(a->serve));
	return r;
}

static void start_sources(struct app *a)
{
	for (size_t i = 0; i < a->conf.n; i++) {
		char reason[SOURCE_TEXT_SIZE];

		if (strcmp(a->conf.values[i].name, "source") != 0)
			continue;
		if (capture_add(a->api.sources, a->conf.values[i].value, reason) < 0)
			log_write(LOG_LEVEL_ERROR, "%s", reason);
	}
}

static void wait_for_end(struct app *a, const sigset_t *signals)
{
	struct timespec second = {.tv_sec = 1};

	while (sigtimedwait(signals, NULL, &second) < 0)
		tracker_tick(a->api.tracker, clock_server_sec());
}

static void stop(struct app *a)
{
	serve_stop(a->serve);
	if (a->api.sources)
		capture_stop(a->api.sources);
	tracker_destroy(a->api.tracker);
	capture_destroy(a->api.sources);
	log_set_hook(NULL, NULL);
	message_bus_destroy(a->messages);
	conf_finish(&a->conf);
}

int app_run(int argc, char **argv)
{
	struct app a = {0};
	sigset_t signals;
	int r = read_arguments(&a, argc, argv);

	if (r != 0) {
		conf_finish(&a.conf);
		return r < 0 ? 2 : 0;
	}
	(void) sigemptyset(&signals);
	(void) sigaddset(&signals, SIGTERM);
	(void) sigaddset(&signals, SIGINT);
	(void) pthread_sigmask(SIG_BLOCK, &signals, NULL);
	(void) signal(SIGPIPE, SIG_IGN);
	start_rooms(&a);
	r = start_serving(&a);
	if (r >= 0) {
		start_sources(&a);
		wait_for_end(&a, &signals);
		log_info("Stopping");
	}
	stop(&a);
	return r < 0 ? 1 : 0;
}
