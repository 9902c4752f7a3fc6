/* System Status: the server and its machine. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <pwd.h>

#include "api/system.h"
#include "api/api.h"
#include "api/metrics.h"
#include "api/server_history.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "field/history.h"
#include "field/list.h"
#include "field/table.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/server.h"
#include "track/channels.h"
#include "track/tracker.h"

struct timestamp {
	uint64_t sec, usec;
};
static const struct field timestamp_rows[] = {
	FIELD(struct timestamp, "kismet.system.timestamp.sec", sec, "Server time, seconds."),
	FIELD(struct timestamp, "kismet.system.timestamp.usec", usec, "Server time, microseconds."),
};
static struct field_table timestamp_table = FIELD_TABLE(struct timestamp, "system timestamp", timestamp_rows);

static void timestamp(struct request *rq, struct reply *rp)
{
	uint64_t us = clock_server_us();
	struct timestamp t = {us / 1000000, us % 1000000};

	api_write_record(rq, rp, &timestamp_table, &t);
}

struct sensor {
	char name[64];
	double value;
};

struct status {
	struct uuid server_uuid;
	char user[64];
	const char *server_name, *server_description, *server_location, *map_tiles, *map_attribution;
	uint64_t sec, usec, start_sec, rss_kb, devices, packets, duplicates, bad_fcs, unreadable, evicted;
	uint64_t connections;
	int32_t battery_percent;
	uint32_t battery_seconds;
	uint8_t on_mains;
	char charging[16];
	char version[32];
	LIST(struct sensor) fans, temperatures, refused;
	uint64_t device_bytes, resumed_devices;
	uint32_t resumed_sec, resumed_age_sec;
	bool is_resumed;
};

static const struct field sensor_name = FIELD_ELEM(struct sensor, name);
static const struct field sensor_value = FIELD_ELEM(struct sensor, value);
#define T struct status
#define TEXT(wire, m, text)                                                                                            \
	{                                                                                                              \
		.name = (wire), .doc = (text), .kind = FIELD_STRING, .flags = FIELD_VIEW | FIELD_NULL_EMPTY,           \
		.offset = offsetof(T, m)                                                                               \
	}
/* clang-format off */
#define BATTERY_ROWS \
	FIELD(T, "kismet.system.battery.percentage", battery_percent, "Remaining battery, percent."), \
	FIELD(T, "kismet.system.battery.charging", charging, "State of the battery, in a word."), \
	FIELD(T, "kismet.system.battery.ac", on_mains, "The machine is on mains power."), \
	FIELD(T, "kismet.system.battery.remaining", battery_seconds, "Remaining battery, seconds.")
/* clang-format on */
static const struct field battery_rows[] = {BATTERY_ROWS};
static struct field_table battery_table = FIELD_TABLE(T, "battery", battery_rows);
static bool is_resumed(const void *obj)
{
	return ((const T *) obj)->is_resumed;
}
/* clang-format off */
#define SERIES(fn, which) \
	static const void *fn(const void *obj, struct field_ctx *ctx) { (void) obj; return server_history_view(which, ctx); }
SERIES(packets_rrd, SERVER_PACKETS)
SERIES(memory_rrd, SERVER_MEMORY)
SERIES(devices_rrd, SERVER_DEVICES)
/* clang-format on */
static const struct field status_rows[] = {
	FIELD(T, "kismet.server.uuid", server_uuid, "UUID of the server."),
	FIELD(T, "kismet.system.server_uuid", server_uuid, "UUID of the server, by its older name."),
	FIELD(T, "kismet.system.user", user, "User that the server runs as."),
	FIELD(T, "kismet.system.version", version, "Version of norn."),
	TEXT("kismet.system.server_name", server_name, "Name of the server."),
	TEXT("kismet.system.server_description", server_description, "Description of the server."),
	TEXT("kismet.system.server_location", server_location, "Location of the server, as text."),
	TEXT("norn.system.map.tiles", map_tiles, "URL from which browsers load map tiles; empty: none."),
	TEXT("norn.system.map.attribution", map_attribution, "Attribution of the map tiles."),
	BATTERY_ROWS,
	FIELD(T, "kismet.system.timestamp.sec", sec, "Server time, seconds."),
	FIELD(T, "kismet.system.timestamp.usec", usec, "Server time, microseconds."),
	FIELD(T, "kismet.system.timestamp.start_sec", start_sec, "Second when the server started."),
	FIELD(T, "kismet.system.memory.rss", rss_kb, "Resident memory, kB."),
	FIELD_CALL_OBJECT("kismet.system.memory.rrd", memory_rrd, &history_view_table,
			  "Resident memory over time, kB."),
	FIELD(T, "kismet.system.devices.count", devices, "Devices in the model."),
	FIELD_CALL_OBJECT("kismet.system.devices.rrd", devices_rrd, &history_view_table, "Devices over time."),
	FIELD_CALL_OBJECT("kismet.device.packets_rrd", packets_rrd, &history_view_table, "Packets over time."),
	FIELD(T, "kismet.system.num_http_connections", connections, "Open HTTP connections."),
	FIELD_KEYED(T, "kismet.system.sensors.fan", fans, &sensor_name, &sensor_value, "Fans, rotations per minute."),
	FIELD_KEYED(T, "kismet.system.sensors.temp", temperatures, &sensor_name, &sensor_value,
		    "Temperatures, degrees Celsius."),
	FIELD(T, "norn.system.packets", packets, "Packets that sources delivered."),
	FIELD(T, "norn.system.packets.duplicate", duplicates, "Duplicate packets."),
	FIELD(T, "norn.system.packets.bad_fcs", bad_fcs, "Packets whose checksum is wrong."),
	FIELD(T, "norn.system.packets.unreadable", unreadable, "Packets that cannot be dissected."),
	FIELD(T, "norn.system.devices.evicted", evicted, "Devices that were evicted."),
	FIELD(T, "norn.system.devices.bytes", device_bytes, "Octets that all devices take, as last measured."),
	FIELD(T, "norn.system.resumed.time", resumed_sec,
	      "Second when the state that this run resumed was written; 0: unknown.", .present = is_resumed),
	FIELD(T, "norn.system.resumed.age", resumed_age_sec, "Age of that state at the start, in seconds.",
	      .present = is_resumed),
	FIELD(T, "norn.system.resumed.devices", resumed_devices, "Devices that were restored.", .present = is_resumed),
	FIELD_KEYED(T, "norn.system.refused", refused, &sensor_name, &sensor_value,
		    "How often each limit was reached (norn_max_*)."),
};
static struct field_table status_table = FIELD_TABLE(T, "system status", status_rows);

/* The first line of a small file of the kernel's; false when there is none. */
static bool read_line(const char *path, char *ret, size_t size)
{
	cleanup_fclose FILE *f = fopen(path, "re");

	if (!f || !fgets(ret, (int) size, f))
		return false;
	ret[strcspn(ret, "\r\n")] = '\0';
	return true;
}

uint64_t system_resident_kb(void)
{
	char line[128];
	unsigned long long total, resident = 0;

	if (read_line("/proc/self/statm", line, sizeof(line)))
		(void) sscanf(line, "%llu %llu", &total, &resident);
	return resident * (uint64_t) sysconf(_SC_PAGESIZE) / 1024;
}

static double supply_number(const char *folder, const char *name)
{
	char path[512], line[64];

	(void) snprintf(path, sizeof(path), "/sys/class/power_supply/%s/%s", folder, name);
	return read_line(path, line, sizeof(line)) ? strtod(line, NULL) : -1;
}

static void read_battery(struct status *s, const char *folder)
{
	double energy = supply_number(folder, "energy_now"), power = supply_number(folder, "power_now");
	char path[512], line[64];
	double percent = supply_number(folder, "capacity");

	(void) snprintf(path, sizeof(path), "/sys/class/power_supply/%s/status", folder);
	if (!read_line(path, line, sizeof(line)))
		return;
	(void) snprintf(s->charging, sizeof(s->charging), "%s",
			strcmp(line, "Charging") == 0      ? "charging"
			: strcmp(line, "Discharging") == 0 ? "discharging"
			: strcmp(line, "Full") == 0        ? "charged"
							   : "unknown");
	s->on_mains = strcmp(line, "Discharging") != 0;
	s->battery_percent = percent >= 0 ? (int32_t) percent : 0;
	if (energy > 0 && power > 0)
		s->battery_seconds = (uint32_t) (energy / power * 3600);
}

static void read_supplies(struct status *s)
{
	DIR *dir = opendir("/sys/class/power_supply");
	struct dirent *e;

	s->on_mains = 1;
	(void) snprintf(s->charging, sizeof(s->charging), "unknown");
	while (dir && (e = readdir(dir)) != NULL)
		if (strncmp(e->d_name, "BAT", 3) == 0)
			read_battery(s, e->d_name);
	if (dir)
		(void) closedir(dir);
}

/* "temp1_input" of a monitor named "coretemp" is "coretemp-temp1"; thousandths are of degrees. */
static void read_sensor(struct status *s, const char *folder, const char *file)
{
	bool fan = strncmp(file, "fan", 3) == 0;
	char path[600], name[64] = "", line[64];
	const char *end = strstr(file, "_input");
	struct list *list = (struct list *) (fan ? (void *) &s->fans : (void *) &s->temperatures);
	struct sensor *x;

	if (!end || (!fan && strncmp(file, "temp", 4) != 0) || list->count >= 64)
		return;
	(void) snprintf(path, sizeof(path), "%s/name", folder);
	(void) read_line(path, name, sizeof(name));
	(void) snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (!read_line(path, line, sizeof(line)))
		return;
	x = list_add(list, sizeof(*x), NULL);
	(void) snprintf(x->name, sizeof(x->name), "%.40s-%.*s", name, (int) (end - file), file);
	x->value = strtod(line, NULL) / (fan ? 1 : 1000);
}

static void read_sensors(struct status *s)
{
	DIR *dir = opendir("/sys/class/hwmon"), *files;
	struct dirent *e, *file;
	char folder[300];

	while (dir && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void) snprintf(folder, sizeof(folder), "/sys/class/hwmon/%s", e->d_name);
		files = opendir(folder);
		while (files && (file = readdir(files)) != NULL)
			read_sensor(s, folder, file->d_name);
		if (files)
			(void) closedir(files);
	}
	if (dir)
		(void) closedir(dir);
}

static void name_user(char *ret_name, size_t size)
{
	char text[1024];
	struct passwd entry, *found = NULL;

	(void) getpwuid_r(getuid(), &entry, text, sizeof(text), &found);
	(void) snprintf(ret_name, size, "%s", found ? found->pw_name : "unknown");
}

static void count_refusals(struct status *s)
{
	for (enum limit l = 0; l < LIMIT_COUNT; l++) {
		struct sensor *x = list_add((struct list *) &s->refused, sizeof(*x), NULL);

		(void) snprintf(x->name, sizeof(x->name), "%s", limit_name(l));
		x->value = (double) limit_hits(l);
	}
}

static void fill(struct api *api, uint64_t connections, struct status *s)
{
	uint64_t us = clock_server_us();
	struct tracker_counts c;

	tracker_count(api->tracker, &c);
	*s = (struct status){.server_uuid = api->server_uuid,
			     .server_name = or_empty(api->conf->server_name),
			     .server_description = or_empty(api->conf->server_description),
			     .server_location = or_empty(api->conf->server_location),
			     .map_tiles = or_empty(api->conf->map_tiles),
			     .map_attribution = or_empty(api->conf->map_attribution),
			     .sec = us / 1000000,
			     .usec = us % 1000000,
			     .start_sec = api->start_us / 1000000,
			     .rss_kb = system_resident_kb(),
			     .devices = c.devices,
			     .device_bytes = c.bytes,
			     .packets = c.packets,
			     .duplicates = c.duplicates,
			     .bad_fcs = c.bad_fcs,
			     .unreadable = c.unreadable,
			     .evicted = c.evicted,
			     .resumed_devices = api->resumed_devices,
			     .resumed_sec = api->resumed_sec,
			     .resumed_age_sec = api->resumed_age_sec,
			     .is_resumed = api->is_resumed,
			     .connections = connections};
	name_user(s->user, sizeof(s->user));
	(void) snprintf(s->version, sizeof(s->version), "%s", NORN_VERSION);
	read_supplies(s);
	read_sensors(s);
	count_refusals(s);
}

static uint64_t connections_of(struct serve *serve)
{
	struct serve_counts served;

	serve_count(serve, &served);
	return served.open_connections;
}

static void free_status(void *record)
{
	struct status *s = record;

	free(s->fans.items);
	free(s->temperatures.items);
	free(s->refused.items);
	free(s);
}

static void status(struct request *rq, struct reply *rp)
{
	struct status *s = xnew(struct status, 1);

	fill(request_context(rq), connections_of(request_serve(rq)), s);
	api_write_record(rq, rp, &status_table, s);
	free_status(s);
}

void api_write_status(struct api *api, struct buf *out)
{
	struct status *s = xnew(struct status, 1);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(api, &arena);

	fill(api, api->connections, s);
	field_write(out, &status_table, s, FIELD_FORMAT_JSON, &ctx);
	free_status(s);
	arena_finish(&arena);
}

static void publish_battery(struct events *events)
{
	struct status *s = xnew(struct status, 1);

	read_supplies(s);
	events_publish_owned(events, EVENT_BATTERY, &battery_table, s, free_status);
}

void api_publish_system(struct api *api, struct serve *serve)
{
	uint64_t us = clock_server_us();
	struct timestamp t = {us / 1000000, us % 1000000};
	struct tracker_counts c;
	struct status *s;

	tracker_count(api->tracker, &c);
	server_history_note((uint32_t) t.sec, c.packets, system_resident_kb(), c.devices);
	api->connections = connections_of(serve);
	events_publish(api->events, EVENT_TIMESTAMP, &timestamp_table, &t);
	if (events_wanted(api->events, EVENT_BATTERY))
		publish_battery(api->events);
	if (!events_wanted(api->events, EVENT_STATISTICS))
		return;
	s = xnew(struct status, 1);
	fill(api, api->connections, s);
	events_publish_owned(api->events, EVENT_STATISTICS, &status_table, s, free_status);
}

struct user_status {
	char user[64];
};
static const struct field user_rows[] = {
	FIELD(struct user_status, "kismet.system.user", user, "User that the server runs as."),
};
static struct field_table user_table = FIELD_TABLE(struct user_status, "user status", user_rows);

static void user_status(struct request *rq, struct reply *rp)
{
	struct user_status u;

	name_user(u.user, sizeof(u.user));
	api_write_record(rq, rp, &user_table, &u);
}

static void channels(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct arena arena = {0};

	api_write_record(rq, rp, &channel_summary_table, tracker_channels(api->tracker, &arena));
	arena_finish(&arena);
}

static void html(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': buf_str(out, "&lt;"); break;
		case '>': buf_str(out, "&gt;"); break;
		case '&': buf_str(out, "&amp;"); break;
		default: buf_char(out, *text);
		}
	}
}

static void describe_table(struct buf *out, const struct field_table *t)
{
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct field *f = &t->rows[i];

		if (f->flags & FIELD_HIDDEN)
			continue;
		buf_str(out, "<tr><td>");
		html(out, f->name);
		buf_str(out, "</td><td>");
		html(out, t->type);
		buf_str(out, "</td><td>");
		html(out, field_type_name(f));
		buf_str(out, "</td><td>");
		html(out, f->doc);
		buf_str(out, "</td></tr>\n");
	}
}

static void tracked_fields(struct request *rq, struct reply *rp)
{
	const struct field_table *const *tables;
	size_t n = field_tables(&tables);
	struct buf *out = reply_buf(rp);

	(void) rq;
	buf_str(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		     "<title>Fields</title></head><body><table>\n"
		     "<tr><th>Name</th><th>Record</th><th>Type</th><th>Description</th></tr>\n");
	for (size_t i = 0; i < n; i++)
		describe_table(out, tables[i]);
	buf_str(out, "</table></body></html>\n");
}

static void health(struct request *rq, struct reply *rp)
{
	(void) rq;
	reply_type(rp, "text/plain; charset=utf-8");
	buf_str(reply_buf(rp), "ok\n");
}

static const char home_page[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>norn</title>\n"
	"<style>body{font:15px sans-serif;margin:2em}td,th{text-align:left;padding:2px 12px 2px 0}"
	"</style></head><body><h1>norn</h1><p id=\"n\">Loading&hellip;</p>\n"
	"<table><thead><tr><th>Name<th>Type<th>Encryption<th>Channel<th>Signal<th>Packets"
	"</tr></thead><tbody id=\"d\"></tbody></table>\n<script>\n"
	"const fields=[['kismet.device.base.commonname','name'],['kismet.device.base.type','type'],"
	"['kismet.device.base.crypt','crypt'],['kismet.device.base.channel','channel'],"
	"['kismet.device.base.signal/kismet.common.signal.last_signal','signal'],"
	"['kismet.device.base.packets.total','packets']];\n"
	"async function load(){\n"
	" const r=await fetch('devices/views/all/devices.json?page=0&size=500"
	"&sort=kismet.device.base.packets.total&sort_dir=desc',"
	"{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({fields})});\n"
	" if(!r.ok){document.getElementById('n').textContent=await r.text();return}\n"
	" const page=await r.json(),body=document.getElementById('d');body.replaceChildren();\n"
	" document.getElementById('n').textContent=page.total_row+' devices';\n"
	" for(const d of page.data){const tr=body.insertRow();"
	"for(const f of fields)tr.insertCell().textContent=d[f[1]]}\n"
	"}\nload();setInterval(load,5000);\n</script></body></html>\n";

static void home(struct request *rq, struct reply *rp)
{
	(void) rq;
	reply_type(rp, "text/html; charset=utf-8");
	buf_str(reply_buf(rp), home_page);
}

/* No source numbers its antennas. */
static void antennas(struct request *rq, struct reply *rp)
{
	if (!request_format(rq).lines)
		buf_str(reply_buf(rp), "[]");
}

#define GET METHOD_GET
#define BOTH METHOD_BOTH
/* clang-format off */
static const struct route routes[] = {
	{.methods = GET, .path = "/", .right = RIGHT_OPEN, .handle = home, .shape = SHAPE_HTML,
	 .doc = "A plain page that lists devices."},
	{.methods = GET, .path = "/healthz", .right = RIGHT_OPEN, .handle = health, .shape = SHAPE_TEXT,
	 .doc = "Answers while the server runs."},
	{.methods = BOTH, .path = "/system/status", .formats = "*", .right = RIGHT_READ, .handle = status,
	 .record = &status_table, .shape = SHAPE_RECORD,
	 .doc = "The server and its machine."},
	{.methods = BOTH, .path = "/system/timestamp", .formats = "*", .right = RIGHT_READ, .handle = timestamp,
	 .record = &timestamp_table, .shape = SHAPE_RECORD,
	 .doc = "The server's time."},
	{.methods = BOTH, .path = "/system/user_status", .formats = "*", .right = RIGHT_OPEN, .handle = user_status,
	 .record = &user_table, .shape = SHAPE_RECORD,
	 .doc = "The user that the server runs as."},
	{.methods = BOTH, .path = "/channels/channels", .formats = "*", .right = RIGHT_READ, .handle = channels,
	 .record = &channel_summary_table, .shape = SHAPE_RECORD,
	 .doc = "Use of frequencies and channels."},
	{.methods = BOTH, .path = "/antennas/antennas", .formats = "*", .right = RIGHT_READ, .handle = antennas,
	 .shape = SHAPE_LIST,
	 .doc = "The antennas of sources that number them."},
	{.methods = GET, .path = "/system/tracked_fields", .formats = "html", .right = RIGHT_READ,
	 .handle = tracked_fields, .shape = SHAPE_HTML,
	 .doc = "Every field, its type and meaning."},
};
/* clang-format on */
static struct field_table *const events[] = {&battery_table, NULL};
const struct route_table api_system_routes = {.routes = routes, .n = ARRAY_SIZE(routes), .records = events};
