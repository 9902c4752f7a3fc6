/* Logs: which there are at the start, and what they ask of other rooms. */
#include "app/logging.h"

#include <stdio.h>
#include <unistd.h>

#include "api/system.h"
#include "app/home.h"
#include "app/positions.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "store/archive/catalogue.h"

#define LAST_US 1500000 /* before the server has to have ended: no more than its logs is cared for */

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

int logging_start(struct app *a)
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
void logging_open(struct app *a)
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

/* With them all is kept; what is left is to free the memory of many devices, which takes long. */
void logging_stop(struct app *a)
{
	logs_destroy(a->api.logs);
	if (stop_left_us() < LAST_US) {
		log_info("Stopped; the rest would take longer than norn_stop_seconds");
		_exit(0);
	}
}

int logging_start_archive(struct app *a)
{
	cleanup_free char *file = home_path(a, "catalogue.sqlite");

	a->api.catalogue = catalogue_create(a->kept ? file : NULL, or_empty(a->conf.logs.prefix), &a->conf.archive);
	return 0;
}

void logging_stop_archive(struct app *a)
{
	catalogue_destroy(a->api.catalogue);
}
