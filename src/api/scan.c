/* Scan reports: networks and devices that clients found when they scanned, as Kismet's applications send them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/scan.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define REPORTS_MAX 4096 /* of one request */

static struct position position_of(const struct json_in *v)
{
	struct position p = {0};
	double lat, lon, alt, speed;

	if (!json_in_real(json_in_get(v, "lat"), &lat) || !json_in_real(json_in_get(v, "lon"), &lon) ||
	    !(fabs(lat) <= 90) || !(fabs(lon) <= 180) || (lat == 0 && lon == 0))
		return p;
	p = (struct position){.lat = lat, .lon = lon, .fix = POSITION_FIX_2D};
	if (json_in_real(json_in_get(v, "alt"), &alt) && fabs(alt) < 1e6) {
		p.alt_m = (float) alt;
		p.fix = POSITION_FIX_3D;
	}
	if (json_in_real(json_in_get(v, "speed"), &speed) && fabs(speed) < 1e5)
		p.speed_kmh = (float) speed;
	return p;
}

/* False with a sentence when it is none. */
static const char *read_report(const struct json_in *v, const char *address, struct source_report *ret)
{
	const char *text = json_in_text(json_in_get(v, address));
	struct mac mac;
	double sec;
	char *json;

	if (!text || mac_parse(text, strlen(text), &mac) < 0)
		return address;
	ret->time_us = clock_server_us();
	if (json_in_real(json_in_get(v, "timestamp"), &sec) && sec > 0 && sec < 4294967295.0)
		ret->time_us = (uint64_t) (sec * 1e6);
	ret->position = position_of(v);
	ret->position.time_us = ret->time_us;
	json = json_in_dump(v);
	ret->json = span_of(json, strlen(json));
	return NULL;
}

static bool client_of(struct request *rq, enum scan_kind kind, struct uuid *ret_uuid, const char **ret_name)
{
	const char *uuid = request_text(rq, "source_uuid");

	*ret_name = request_text(rq, "source_name");
	if (uuid && uuid_parse(uuid, strlen(uuid), ret_uuid) < 0)
		return false;
	if (!uuid && (!*ret_name || !**ret_name))
		return false;
	if (!uuid)
		*ret_uuid = capture_scan_uuid(kind, *ret_name);
	if (!*ret_name || !**ret_name)
		*ret_name = uuid;
	return true;
}

static void take(struct request *rq, struct reply *rp, enum scan_kind kind, const char *address)
{
	struct api *api = request_context(rq);
	const struct json_in *command = request_command(rq), *list = json_in_get(command, "reports");
	size_t n = json_in_is_list(list) ? json_in_count(list) : 0;
	char error[SOURCE_TEXT_SIZE];
	struct source_report *reports;
	const char *name, *wrong = NULL;
	struct uuid uuid;

	if (!client_of(rq, kind, &uuid, &name)) {
		reply_error(rp, 400,
			    "Invalid request: 'source_uuid' is a uuid, 'source_name' a name; one of them is needed.");
		return;
	}
	if (!json_in_is_list(list) || n > REPORTS_MAX) {
		reply_error(rp, 400, "Invalid request: 'reports' is a list of at most %d reports.", REPORTS_MAX);
		return;
	}
	reports = xnew(struct source_report, n ? n : 1);
	for (size_t i = 0; i < n && !wrong; i++)
		wrong = read_report(json_in_at(list, i), address, &reports[i]);
	if (wrong)
		reply_error(rp, 400, "Invalid request: a report needs an address as '%s'.", wrong);
	else if (capture_scan(api->sources, kind, &uuid, name, reports, n, error) < 0)
		reply_error(rp, 500, "%s.", error);
	else
		buf_str(reply_buf(rp), "{}");
	for (size_t i = 0; i < n; i++)
		free((void *) (uintptr_t) reports[i].json.p);
	free(reports);
}

static void wifi_scan(struct request *rq, struct reply *rp)
{
	take(rq, rp, SCAN_WIFI, "bssid");
}

static void bluetooth_scan(struct request *rq, struct reply *rp)
{
	take(rq, rp, SCAN_BLUETOOTH, "btaddr");
}

/* clang-format off */
static const struct argument arguments[] = {
	{.name = "reports", .type = ARGUMENT_LIST, .needed = true,
	 .doc = "Networks or devices found, each an object with an address."},
	{.name = "source_uuid", .type = ARGUMENT_NAME, .doc = "Names the client; this or source_name."},
	{.name = "source_name", .type = ARGUMENT_NAME, .doc = "The client's name."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_POST, .path = "/phy/phy80211/scan/scan_report", .formats = "*", .right = RIGHT_REPORT,
	 .handle = wifi_scan, .shape = SHAPE_TEXT, .flags = ROUTE_WORK, .arguments = arguments,
	 .refusals = {{500, "the report cannot be taken"}},
	 .doc = "Networks that a client found: {source_uuid, source_name, reports}."},
	{.methods = METHOD_POST, .path = "/phy/phybluetooth/scan/scan_report", .formats = "*", .right = RIGHT_REPORT,
	 .handle = bluetooth_scan, .shape = SHAPE_TEXT, .flags = ROUTE_WORK, .arguments = arguments,
	 .refusals = {{500, "the report cannot be taken"}},
	 .doc = "Bluetooth devices that a client found: {source_uuid, source_name, reports}."},
};
/* clang-format on */
const struct route_table api_scan_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
