#include <math.h>
#include <string.h>
#include <time.h>

#include "stats.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"

#define NAMES_MOST 256 /* of sources, phys or types; what comes later counts as others */

struct counters {
	unsigned n;
	uint64_t others;
	struct {
		char name[64];
		uint64_t count;
	} rows[NAMES_MOST];
};

struct stats {
	uint64_t packets, placed, bytes, devices;
	int64_t first, last;   /* Unix seconds */
	double lat[2], lon[2]; /* least and greatest of the positions */
	struct counters sources, phys, types;
};

/* Tables of which the rows are counted, by their names in JSON and in words. */
static const struct {
	const char *name, *words;
} counted[] = {
	{"datasources", "Datasources"}, {"data", "Reports without a packet"}, {"alerts", "Alerts"},
	{"messages", "Messages"},       {"snapshots", "Snapshots"},           {"norn_sightings", "Sightings"},
};

static void count(struct counters *t, const char *name)
{
	for (unsigned i = 0; i < t->n; i++)
		if (strncmp(t->rows[i].name, name, sizeof(t->rows[i].name) - 1) == 0) {
			t->rows[i].count++;
			return;
		}
	if (t->n == NAMES_MOST) {
		t->others++;
		return;
	}
	(void) snprintf(t->rows[t->n].name, sizeof(t->rows[t->n].name), "%s", name);
	t->rows[t->n++].count = 1;
}

static void add_position(struct stats *v, double lat, double lon)
{
	static const struct log_options everywhere;

	if (!log_position_good(&everywhere, lat, lon))
		return;
	v->lat[0] = v->placed ? fmin(v->lat[0], lat) : lat;
	v->lat[1] = v->placed ? fmax(v->lat[1], lat) : lat;
	v->lon[0] = v->placed ? fmin(v->lon[0], lon) : lon;
	v->lon[1] = v->placed ? fmax(v->lon[1], lon) : lon;
	v->placed++;
}

static void walk_packets(const struct log_options *o, struct log_db *l, struct stats *v)
{
	sqlite3_stmt *s = log_prepare(l, "SELECT ts_sec, packet_len, lat, lon, datasource FROM packets");
	uint64_t total = log_rows(l, "packets");

	while (log_next(l, s)) {
		int64_t sec = sqlite3_column_int64(s, 0), n = sqlite3_column_int64(s, 1);

		v->first = v->packets == 0 || sec < v->first ? sec : v->first;
		v->last = v->packets == 0 || sec > v->last ? sec : v->last;
		v->bytes += n > 0 ? (uint64_t) n : 0;
		add_position(v, log_position(l, s, 2), log_position(l, s, 3));
		count(&v->sources, log_text(s, 4));
		log_progress(o, ++v->packets, total);
	}
	(void) sqlite3_finalize(s);
	log_progress(o, 0, 0);
}

static void walk_devices(struct log_db *l, struct stats *v)
{
	sqlite3_stmt *s = log_prepare(l, "SELECT phyname, type FROM devices");

	for (; log_next(l, s); v->devices++) {
		count(&v->phys, log_text(s, 0));
		count(&v->types, log_text(s, 1));
	}
	(void) sqlite3_finalize(s);
}

/* The name of a source, as the log has it. */
static void name_of(struct log_db *l, const char *uuid, char ret[128])
{
	sqlite3_stmt *s = log_prepare(l, "SELECT name, interface FROM datasources WHERE uuid = ?");

	(void) snprintf(ret, 128, "%s", "");
	(void) sqlite3_bind_text(s, 1, uuid, -1, SQLITE_STATIC);
	if (log_next(l, s))
		(void) snprintf(ret, 128, "%.60s (%.60s)", log_text(s, 0), log_text(s, 1));
	(void) sqlite3_finalize(s);
}

static void json_string(struct buf *out, const char *text)
{
	json_text(out, text, strlen(text));
}

static void json_counters(struct buf *out, const char *name, const struct counters *t)
{
	buf_printf(out, ",\"%s\":{", name);
	for (unsigned i = 0; i < t->n; i++) {
		buf_str(out, i ? "," : "");
		json_string(out, t->rows[i].name);
		buf_printf(out, ":%llu", (unsigned long long) t->rows[i].count);
	}
	buf_str(out, "}");
}

static void write_json(struct buf *out, struct log_db *l, const struct stats *v)
{
	buf_str(out, "{\"file\":");
	json_string(out, l->path);
	buf_printf(out,
		   ",\"version\":%lld,\"packets\":%llu,\"packets_placed\":%llu,\"packet_bytes\":%llu,"
		   "\"first\":%lld,\"last\":%lld,\"devices\":%llu",
		   (long long) l->version, (unsigned long long) v->packets, (unsigned long long) v->placed,
		   (unsigned long long) v->bytes, (long long) v->first, (long long) v->last,
		   (unsigned long long) v->devices);
	for (size_t i = 0; i < ARRAY_SIZE(counted); i++)
		buf_printf(out, ",\"%s\":%llu", counted[i].name, (unsigned long long) log_rows(l, counted[i].name));
	if (v->placed)
		buf_printf(out,
			   ",\"box\":{\"min_lat\":%.6f,\"min_lon\":%.6f,\"max_lat\":%.6f,\"max_"
			   "lon\":%.6f}",
			   v->lat[0], v->lon[0], v->lat[1], v->lon[1]);
	json_counters(out, "packets_of_sources", &v->sources);
	json_counters(out, "devices_of_phys", &v->phys);
	json_counters(out, "devices_of_types", &v->types);
	buf_str(out, "}\n");
}

static void line(struct buf *out, const char *words, uint64_t n)
{
	buf_printf(out, "  %-28s %llu\n", words, (unsigned long long) n);
}

static void time_line(struct buf *out, const char *words, int64_t sec)
{
	time_t t = (time_t) sec;
	char text[64] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm))
		(void) strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	buf_printf(out, "  %-28s %s\n", words, text);
}

/* Names come from the log: what a terminal might obey is shown as it is in JSON. */
static void write_counters(struct buf *out, struct log_db *l, const char *words, const struct counters *t)
{
	buf_printf(out, "  %s\n", words);
	for (unsigned i = 0; i < t->n; i++) {
		char name[128] = "", shown[256] = "", id[256] = "";

		if (l)
			name_of(l, t->rows[i].name, name);
		(void) air_text((const uint8_t *) name, strlen(name), shown, sizeof(shown));
		(void) air_text((const uint8_t *) t->rows[i].name, strlen(t->rows[i].name), id, sizeof(id));
		buf_printf(out, "    %-26s %llu%s%s\n", id, (unsigned long long) t->rows[i].count, *shown ? "  " : "",
			   shown);
	}
	if (t->others)
		buf_printf(out, "    %-26s %llu\n", "others", (unsigned long long) t->others);
}

static void write_text(struct buf *out, struct log_db *l, const struct stats *v)
{
	buf_printf(out, "%s\n", l->path);
	line(out, "Version of the log", (uint64_t) l->version);
	line(out, "Packets", v->packets);
	line(out, "Packets with a position", v->placed);
	line(out, "Octets of packets", v->bytes);
	if (v->packets) {
		time_line(out, "First packet", v->first);
		time_line(out, "Last packet", v->last);
	}
	if (v->placed)
		buf_printf(out, "  %-28s %.6f,%.6f to %.6f,%.6f\n", "Positions", v->lat[0], v->lon[0], v->lat[1],
			   v->lon[1]);
	line(out, "Devices", v->devices);
	for (size_t i = 0; i < ARRAY_SIZE(counted); i++)
		line(out, counted[i].words, log_rows(l, counted[i].name));
	write_counters(out, l, "Packets of datasources", &v->sources);
	write_counters(out, NULL, "Devices of phys", &v->phys);
	write_counters(out, NULL, "Devices of types", &v->types);
}

int log_stats(const struct log_options *o)
{
	struct stats *v = NULL;
	struct buf out = {0};
	struct log_db l;
	FILE *f = NULL;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!log_open(&l, o->inputs[i], LOG_READ))
			continue;
		if (!f)
			f = log_output(o);
		v = xnew(struct stats, 1);
		walk_packets(o, &l, v);
		walk_devices(&l, v);
		if (o->json)
			write_json(&out, &l, v);
		else
			write_text(&out, &l, v);
		log_write_out(f, &out, true);
		log_close(&l);
		free(v);
	}
	log_finish(f, &out);
	return log_status();
}
