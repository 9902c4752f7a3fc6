#include "locate/receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "locate/gpsd.h"
#include "locate/nmea.h"

struct receiver {
	struct receiver_settings settings;
	struct line *line;
	struct nmea nmea;
	receiver_fn report;
	void *ctx;
};

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static int number_between(const struct definition *d, const char *name, long low, long high, long *ret, char error[160])
{
	const char *text = definition_get(d, name);
	char *end;

	if (!text)
		return 0;
	*ret = strtol(text, &end, 10);
	if (*end || *ret < low || *ret > high) {
		(void) snprintf(error, 160, "%s=%.32s: expected a number from %ld to %ld", name, text, low, high);
		return ERR_MALFORMED;
	}
	return 0;
}

int receiver_settings_read(const struct definition *d, struct receiver_settings *ret, char ret_error[160])
{
	bool is_gpsd = strcmp(d->interface, "gpsd") == 0, is_serial = strcmp(d->interface, "serial") == 0;
	const char *device = or_else(definition_get(d, "device"), "");
	const char *host = definition_get(d, "host");
	long baud = 4800, port = is_gpsd ? 2947 : 0;
	const char *missing = is_serial && !*device             ? "device=, such as /dev/ttyACM0"
			      : !is_serial && !is_gpsd && !host ? "host="
								: NULL;

	*ret = (struct receiver_settings){
		.is_gpsd = is_gpsd,
		.line = {.longest = is_gpsd ? GPSD_LINE_MAX : NMEA_LINE_MAX,
			 .init_text = is_gpsd ? GPSD_WATCH : NULL,
			 .reconnect = true},
	};
	if (number_between(d, "baud", 4800, 921600, &baud, ret_error) < 0 ||
	    number_between(d, "port", 1, 65535, &port, ret_error) < 0)
		return ERR_MALFORMED;
	if (!missing && !is_serial && !port)
		missing = "port=";
	if (missing) {
		(void) snprintf(ret_error, 160, "the GPS has no %s", missing);
		return ERR_MALFORMED;
	}
	(void) snprintf(is_serial ? ret->line.device : ret->device, sizeof(ret->device), "%s", device);
	(void) snprintf(ret->line.host, sizeof(ret->line.host), "%s", or_else(host, "localhost"));
	(void) snprintf(ret->line.port, sizeof(ret->line.port), "%ld", port);
	ret->line.baud = (unsigned) baud;
	return 0;
}

static void on_open(void *ctx)
{
	struct receiver *r = ctx;

	r->nmea = (struct nmea){0};
	r->report(r->ctx, &(struct receiver_message){.connected = true, .understood = true});
}

static int read_gpsd(const struct receiver *r, const char *text, size_t size, struct gpsd_report *report,
		     struct receiver_message *message)
{
	int what = gpsd_read(text, size, report);

	if (*r->settings.device && strcmp(r->settings.device, report->device) != 0 && what != GPSD_NO_DEVICE)
		return what < 0 ? what : GPSD_OTHER;
	message->device = what == GPSD_NO_DEVICE ? NULL : report->device;
	message->fix = report->fix;
	message->has_position = what == GPSD_POSITION;
	message->lost = what == GPSD_LOST || what == GPSD_REMOVED || what == GPSD_NO_DEVICE;
	message->trouble = what == GPSD_NO_DEVICE ? "gpsd has no receiver" : NULL;
	return what;
}

static int read_nmea(struct receiver *r, const char *text, size_t size, struct receiver_message *message)
{
	int what = nmea_read(&r->nmea, text, size);

	message->device = "";
	message->fix = (struct gps_fix){r->nmea.position, r->nmea.utc_us};
	message->has_position = what == NMEA_POSITION;
	message->lost = what == NMEA_LOST;
	return what;
}

static void on_text(void *ctx, const char *text, size_t size)
{
	struct receiver *r = ctx;
	struct receiver_message message = {.connected = true};
	struct gpsd_report report;
	int what = ERR_MALFORMED;

	if (text)
		what = r->settings.is_gpsd ? read_gpsd(r, text, size, &report, &message)
					   : read_nmea(r, text, size, &message);
	message.understood = what >= 0;
	r->report(r->ctx, &message);
}

static void on_trouble(void *ctx, const char *why, bool again)
{
	struct receiver *r = ctx;

	r->report(r->ctx, &(struct receiver_message){.understood = true, .lost = true, .trouble = why, .again = again});
}

static const struct line_events events = {on_open, on_text, on_trouble};

struct receiver *receiver_create(struct loop *l, const struct receiver_settings *s, receiver_fn report, void *ctx)
{
	struct receiver *r = xnew(struct receiver, 1);

	*r = (struct receiver){.settings = *s, .report = report, .ctx = ctx};
	r->line = line_create(l, &r->settings.line, &events, r);
	return r;
}

void receiver_destroy(struct receiver *r)
{
	if (!r)
		return;
	line_destroy(r->line);
	free(r);
}
