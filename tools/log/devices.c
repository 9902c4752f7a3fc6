#include <string.h>

#include "devices.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"
#include "store/log/wigle.h"

/* How devices are written: what is around them, and one of them. */
struct form {
	const char *head, *tail, *between, *after; /* after: behind the last, if there is one */
	/* False: there is nothing to write of this one. */
	bool (*device)(const struct log_options *o, struct log_db *l, sqlite3_stmt *s, struct buf *out);
	bool placed; /* only those with a position */
};

enum column { FIRST, LAST, KEY, PHY, MAC, SIGNAL, LAT, LON, BYTES, TYPE, DEVICE };

static const char *member_text(const struct json_in *record, const char *name)
{
	const char *t = json_in_text(log_member(record, name, NULL));

	return t ? t : "";
}

static struct json_in *read_record(sqlite3_stmt *s)
{
	char error[JSON_IN_ERROR_SIZE];
	const char *text = sqlite3_column_blob(s, DEVICE);

	return text ? json_in_read(text, (size_t) sqlite3_column_bytes(s, DEVICE), error) : NULL;
}

/* The record as it stands, in one line; one that is no JSON would spoil all others and is left out.
 */
static bool put_record(const struct log_options *o, struct log_db *l, sqlite3_stmt *s, struct buf *out)
{
	struct json_in *record = read_record(s);
	const char *text = sqlite3_column_blob(s, DEVICE);
	bool good = json_in_is_object(record);

	(void) o;
	if (!good)
		log_torn_record(l, log_text(s, MAC));
	json_in_free(record);
	for (int i = 0, n = sqlite3_column_bytes(s, DEVICE); good && i < n; i++)
		buf_char(out, text[i] == '\n' || text[i] == '\r' ? ' ' : text[i]);
	return good;
}

static bool put_csv(const struct log_options *o, struct log_db *l, sqlite3_stmt *s, struct buf *out)
{
	struct json_in *record = read_record(s);
	double packets = 0;

	(void) o;
	(void) json_in_real(log_member(record, "kismet.device.base.packets.total", NULL), &packets);
	csv_field(out, log_text(s, KEY));
	buf_char(out, ',');
	csv_field(out, log_text(s, MAC));
	buf_char(out, ',');
	csv_field(out, log_text(s, PHY));
	buf_char(out, ',');
	csv_field(out, log_text(s, TYPE));
	buf_char(out, ',');
	csv_field(out, member_text(record, "kismet.device.base.commonname"));
	buf_char(out, ',');
	csv_field(out, member_text(record, "kismet.device.base.manuf"));
	buf_char(out, ',');
	csv_field(out, member_text(record, "kismet.device.base.channel"));
	buf_char(out, ',');
	csv_field(out, member_text(record, "kismet.device.base.crypt"));
	buf_printf(out, ",%lld,%lld,%d,%.0f,%lld,%.6f,%.6f\n", (long long) sqlite3_column_int64(s, FIRST),
		   (long long) sqlite3_column_int64(s, LAST), sqlite3_column_int(s, SIGNAL), packets,
		   (long long) sqlite3_column_int64(s, BYTES), log_position(l, s, LAT), log_position(l, s, LON));
	json_in_free(record);
	return true;
}

/* Text of XML 1.0: what it cannot hold becomes a question mark. */
static void xml(struct buf *out, const char *t)
{
	for (size_t n; *t; t += n) {
		unsigned char c = (unsigned char) *t;

		n = utf8_sequence((const uint8_t *) t, strlen(t));
		if (c == '<')
			buf_str(out, "&lt;");
		else if (c == '>')
			buf_str(out, "&gt;");
		else if (c == '&')
			buf_str(out, "&amp;");
		else if (c == '"')
			buf_str(out, "&quot;");
		else if (n == 0 || (c < 32 && c != '\t' && c != '\n') || strncmp(t, "\xef\xbf\xbe", 3) == 0 ||
			 strncmp(t, "\xef\xbf\xbf", 3) == 0)
			buf_char(out, '?');
		else
			buf_add(out, t, n);
		n = n ? n : 1;
	}
}

static void put_name(struct buf *out, sqlite3_stmt *s, const struct json_in *record)
{
	const char *name = member_text(record, "kismet.device.base.commonname");

	xml(out, *name ? name : log_text(s, MAC));
}

static bool put_kml(const struct log_options *o, struct log_db *l, sqlite3_stmt *s, struct buf *out)
{
	struct json_in *record = read_record(s);

	(void) o;
	buf_str(out, "<Placemark><name>");
	put_name(out, s, record);
	buf_str(out, "</name><description>");
	xml(out, log_text(s, MAC));
	buf_str(out, ", ");
	xml(out, log_text(s, TYPE));
	buf_str(out, ", ");
	xml(out, member_text(record, "kismet.device.base.crypt"));
	buf_printf(out,
		   ", %d "
		   "dBm</description><Point><coordinates>%.6f,%.6f,0</coordinates></Point></"
		   "Placemark>\n",
		   sqlite3_column_int(s, SIGNAL), log_position(l, s, LON), log_position(l, s, LAT));
	json_in_free(record);
	return true;
}

static bool put_waypoint(const struct log_options *o, struct log_db *l, sqlite3_stmt *s, struct buf *out)
{
	struct json_in *record = read_record(s);

	(void) o;
	buf_printf(out, "<wpt lat=\"%.6f\" lon=\"%.6f\"><name>", log_position(l, s, LAT), log_position(l, s, LON));
	put_name(out, s, record);
	buf_str(out, "</name><desc>");
	xml(out, log_text(s, MAC));
	buf_str(out, "</desc></wpt>\n");
	json_in_free(record);
	return true;
}

/* Where the GPS was: one track. */
static void put_track(const struct log_options *o, struct log_db *l, struct buf *out, FILE *f)
{
	sqlite3_stmt *s = log_prepare(l, "SELECT lat, lon, strftime('%Y-%m-%dT%H:%M:%SZ', ts_sec, 'unixepoch') "
					 "FROM snapshots WHERE snaptype = 'GPS' AND lat != 0 ORDER BY rowid");

	buf_str(out, "<trk><trkseg>\n");
	while (log_next(l, s)) {
		if (!log_position_good(o, log_position(l, s, 0), log_position(l, s, 1)))
			continue;
		buf_printf(out, "<trkpt lat=\"%.6f\" lon=\"%.6f\"><time>%s</time></trkpt>\n", log_position(l, s, 0),
			   log_position(l, s, 1), log_text(s, 2));
		log_write_out(f, out, false);
	}
	buf_str(out, "</trkseg></trk>\n");
	(void) sqlite3_finalize(s);
}

static void write_devices(const struct log_options *o, const struct form *form, struct log_db *l, struct buf *out,
			  FILE *f, bool *some)
{
	uint64_t total = log_rows(l, "devices"), done = 0;
	sqlite3_stmt *s = log_prepare(l, "SELECT first_time, last_time, devkey, phyname, devmac, "
					 "strongest_signal, avg_lat, avg_lon, bytes_data, type, device "
					 "FROM devices");
	size_t had;

	while (log_next(l, s)) {
		log_progress(o, ++done, total);
		if (form->placed && !log_position_good(o, log_position(l, s, LAT), log_position(l, s, LON)))
			continue;
		had = out->len;
		if (*some)
			buf_str(out, form->between);
		if (form->device(o, l, s, out))
			*some = true;
		else
			out->len = had;
		log_write_out(f, out, false);
	}
	(void) sqlite3_finalize(s);
	log_progress(o, 0, 0);
}

static int write_all(const struct log_options *o, const struct form *form, bool track)
{
	struct buf out = {0};
	FILE *f = NULL;
	struct log_db l;
	bool some = false, open[LOG_INPUTS_MAX];

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!(open[i] = log_open(&l, o->inputs[i], LOG_READ)))
			continue;
		if (!f) {
			f = log_output(o);
			buf_str(&out, form->head);
		}
		write_devices(o, form, &l, &out, f, &some);
		log_close(&l);
	}
	if (!f) /* no log could be opened */
		return log_status();
	for (unsigned i = 0; track && i < o->n_inputs; i++) { /* GPX 1.1 wants tracks behind waypoints */
		if (!open[i] || !log_open(&l, o->inputs[i], LOG_READ))
			continue;
		if (log_has(&l, "snapshots", "lat"))
			put_track(o, &l, &out, f);
		log_close(&l);
	}
	if (some)
		buf_str(&out, form->after);
	buf_str(&out, form->tail);
	log_finish(f, &out);
	return log_status();
}

int log_json(const struct log_options *o)
{
	return write_all(o, &(struct form){"[", "]\n", ",\n", "", put_record, false}, false);
}

int log_ekjson(const struct log_options *o)
{
	return write_all(o, &(struct form){"", "", "\n", "\n", put_record, false}, false);
}

int log_csv(const struct log_options *o)
{
	return write_all(o,
			 &(struct form){"key,mac,phy,type,name,manufacturer,channel,crypt,first,last,"
					"signal,packets,bytes,lat,lon\n",
					"", "", "", put_csv, false},
			 false);
}

int log_kml(const struct log_options *o)
{
	return write_all(o,
			 &(struct form){"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
					"<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n",
					"</Document></kml>\n", "", "", put_kml, true},
			 false);
}

int log_gpx(const struct log_options *o)
{
	return write_all(o,
			 &(struct form){"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" "
					"creator=\"norn\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
					"</gpx>\n", "", "", put_waypoint, true},
			 true);
}
