#include "store/log/packet_query.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/err.h"
#include "base/key.h"
#include "base/mem.h"
#include "base/uuid.h"
#include "capture/kismetdb_open.h"
#include "store/log/packet_index.h"
#include "store/log/pcapng.h"

#define FILTERS_MAX 32
#define SOURCES_KEPT 1024
#define BUSY_MS 5000
#define CELL_BYTES_MOST (64 << 20)
#define STEPS 10000 /* of the database, between two looks at the budget */

enum value { VALUE_TIME, VALUE_INT, VALUE_FLOAT, VALUE_POSITION, VALUE_ADDRESS, VALUE_ID, VALUE_DEVICE, VALUE_ANY };

/* A filter is a row: its name, its condition, and what its value is. */
static const struct filter {
	const char *name, *condition;
	enum value value;
} filters[] = {
	{"timestamp_start", "ts_sec * 1000000 + ts_usec >= ?", VALUE_TIME},
	{"timestamp_end", "ts_sec * 1000000 + ts_usec <= ?", VALUE_TIME},
	{"datasource", "datasource = ?", VALUE_ID},
	{"device_id", "devkey = ?", VALUE_DEVICE},
	{"tag", "(' ' || tags || ' ') LIKE ('% ' || ? || ' %')", VALUE_ANY},
	{"dlt", "dlt = ?", VALUE_INT},
	{"frequency", "frequency = ?", VALUE_FLOAT},
	{"frequency_min", "frequency >= ?", VALUE_FLOAT},
	{"frequency_max", "frequency <= ?", VALUE_FLOAT},
	{"signal_min", "signal >= ?", VALUE_INT},
	{"signal_max", "signal <= ?", VALUE_INT},
	{"address_source", "sourcemac = ?", VALUE_ADDRESS},
	{"address_dest", "destmac = ?", VALUE_ADDRESS},
	{"address_trans", "transmac = ?", VALUE_ADDRESS},
	{"location_lat_min", "lat >= ?", VALUE_POSITION},
	{"location_lat_max", "lat <= ?", VALUE_POSITION},
	{"location_lon_min", "lon >= ?", VALUE_POSITION},
	{"location_lon_max", "lon <= ?", VALUE_POSITION},
	{"size_min", "packet_len >= ?", VALUE_INT},
	{"size_max", "packet_len <= ?", VALUE_INT},
	{"limit", NULL, VALUE_INT},
};

struct bound {
	const struct filter *filter;
	int64_t whole;
	double real;
	char text[64];
};

struct packet_query {
	sqlite3 *db;
	sqlite3_stmt *rows, *source;
	struct bound bound[FILTERS_MAX];
	size_t n;
	int64_t limit;
	struct pcapng file;
	char (*uuids)[UUID_TEXT_SIZE]; /* of datasources, by the number they got here */
	uint32_t n_uuids;
	bool begun, pending;  /* pending: the statement stands on a row that is not written */
	int result;           /* of the last step */
	double position_unit; /* 1, or 1e-5 where coordinates are whole numbers */
	uint64_t packets;
	char torn[160]; /* why the log could not be read further */
};

static void name_source(void *ctx, uint16_t source, char name[256], char description[256])
{
	struct packet_query *q = ctx;

	(void) snprintf(name, 256, "%s", q->uuids[source]);
	(void) sqlite3_bind_text(q->source, 1, q->uuids[source], -1, SQLITE_STATIC);
	if (sqlite3_step(q->source) == SQLITE_ROW) {
		const char *interface = (const char *) sqlite3_column_text(q->source, 1);
		const char *shown = (const char *) sqlite3_column_text(q->source, 0);

		(void) snprintf(name, 256, "%.255s", interface ? interface : "");
		(void) snprintf(description, 256, "Kismet datasource %.70s (%.70s - %.70s)", shown ? shown : "",
				interface ? interface : "", interface ? interface : "");
	}
	(void) sqlite3_reset(q->source);
}

/* Below version 5 coordinates are whole numbers of a hundred thousandth of a degree. */
static double position_unit(struct packet_query *q)
{
	sqlite3_stmt *s = NULL;
	double unit = 1;

	if (sqlite3_prepare_v2(q->db, "SELECT db_version FROM KISMET", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int64(s, 0) < 5)
		unit = 1e-5;
	(void) sqlite3_finalize(s);
	return unit;
}

static int is_over(void *ctx)
{
	(void) ctx;
	return budget_over();
}

struct packet_query *packet_query_open(const char *path, char ret_error[256])
{
	struct packet_query *q = xnew(struct packet_query, 1);
	enum kismetdb_wal wal;

	q->limit = -1;
	q->file.name_source = name_source;
	q->file.ctx = q;
	q->uuids = xalloc(SOURCES_KEPT * sizeof(*q->uuids));
	if (kismetdb_open(path, CELL_BYTES_MOST, &q->db, &wal) == SQLITE_OK &&
	    sqlite3_prepare_v2(q->db, "SELECT name, interface FROM datasources WHERE uuid = ?", -1, &q->source, NULL) ==
		    SQLITE_OK) {
		sqlite3_progress_handler(q->db, STEPS, is_over, NULL);
		q->position_unit = position_unit(q);
		return q;
	}
	(void) snprintf(ret_error, 256, "The log cannot be read: %s", sqlite3_errmsg(q->db));
	packet_query_close(q);
	return NULL;
}

void packet_query_close(struct packet_query *q)
{
	(void) sqlite3_finalize(q->rows);
	(void) sqlite3_finalize(q->source);
	(void) sqlite3_close_v2(q->db);
	free(q->uuids);
	free(q);
}

/* Seconds with a fraction as microseconds, exactly for six digits. */
static bool read_time(const char *text, int64_t *ret_us)
{
	double sec;
	char *end;

	errno = 0;
	sec = strtod(text, &end);
	*ret_us = (int64_t) llround(sec * 1e6);
	return end != text && !*end && !errno && isfinite(sec) && fabs(sec) < 1e11;
}

static bool read_whole(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	return end != text && !*end && !errno;
}

static bool read_value(struct bound *b, const char *text)
{
	struct uuid uuid;
	struct key key;
	struct mac mac;
	char *end;

	switch (b->filter->value) {
	case VALUE_TIME: return read_time(text, &b->whole);
	case VALUE_INT: return read_whole(text, &b->whole);
	case VALUE_POSITION:
	case VALUE_FLOAT: b->real = strtod(text, &end); return end != text && !*end && isfinite(b->real);
	case VALUE_ADDRESS:
		if (mac_parse(text, strlen(text), &mac) < 0)
			return false;
		mac_format(&mac, b->text);
		return true;
	case VALUE_ID:
		if (uuid_parse(text, strlen(text), &uuid) < 0)
			return false;
		uuid_format(&uuid, b->text);
		return true;
	case VALUE_DEVICE:
		if (key_parse(text, strlen(text), &key) < 0)
			return false;
		key_format(&key, b->text);
		return true;
	case VALUE_ANY: return snprintf(b->text, sizeof(b->text), "%s", text) < (int) sizeof(b->text);
	}
	return false;
}

int packet_query_filter(struct packet_query *q, const char *name, const char *value, char ret_error[256])
{
	struct bound b = {0};

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		if (strcmp(filters[i].name, name) == 0)
			b.filter = &filters[i];
	if (!b.filter)
		return ERR_NOT_FOUND;
	if (!read_value(&b, value) || q->n == FILTERS_MAX) {
		(void) snprintf(ret_error, 256, "Invalid filter: '%.64s' cannot be %s", value, name);
		return ERR_MALFORMED;
	}
	if (!b.filter->condition)
		q->limit = b.whole;
	else
		q->bound[q->n++] = b;
	return 0;
}

static void bind(const struct packet_query *q, int at, const struct bound *b)
{
	sqlite3_stmt *s = q->rows;

	switch (b->filter->value) {
	case VALUE_TIME:
	case VALUE_INT: (void) sqlite3_bind_int64(s, at, b->whole); break;
	case VALUE_FLOAT: (void) sqlite3_bind_double(s, at, b->real); break;
	case VALUE_POSITION: (void) sqlite3_bind_double(s, at, b->real / q->position_unit); break;
	default: (void) sqlite3_bind_text(s, at, b->text, -1, SQLITE_STATIC);
	}
}

static bool has_blocks(struct packet_query *q)
{
	sqlite3_stmt *s = NULL;
	bool has = sqlite3_prepare_v2(q->db, "SELECT 1 FROM norn_blocks, norn_block_keys", -1, &s, NULL) == SQLITE_OK;

	(void) sqlite3_finalize(s);
	return has;
}

/* The conditions on a block of which a row can match: its times, or its addresses and sources.
 */
static void block_condition(struct buf *sql, const struct bound *b, int at)
{
	struct mac mac;
	struct key key;
	int64_t k;

	if (b->filter->value == VALUE_TIME) {
		buf_printf(sql, " AND b.%s ?%d", strstr(b->filter->condition, ">=") ? "max_us >=" : "min_us <=", at);
		return;
	}
	if (b->filter->value == VALUE_ADDRESS && mac_parse(b->text, strlen(b->text), &mac) >= 0)
		k = block_key_of_mac(&mac);
	else if (b->filter->value == VALUE_DEVICE && key_parse(b->text, strlen(b->text), &key) >= 0)
		k = block_key_of_mac(&key.mac);
	else if (b->filter->value == VALUE_ID)
		k = block_key_of_uuid(b->text);
	else
		return;
	buf_printf(sql, " AND b.block IN (SELECT block FROM norn_block_keys WHERE key = %lld)", (long long) k);
}

static void row_conditions(struct packet_query *q, struct buf *sql)
{
	for (size_t i = 0; i < q->n; i++) {
		const char *mark = strchr(q->bound[i].filter->condition, '?');
		const char *condition = q->bound[i].filter->condition;

		buf_printf(sql, " AND %.*s?%zu%s", (int) (mark - condition), condition, i + 1, mark + 1);
	}
}

/* What is read of a row; logs of early versions lack some of it. */
static void write_columns(struct packet_query *q, struct buf *sql)
{
	static const struct {
		const char *column, *expression, *otherwise;
	} late[] = {
		{"packet_full_len", "ifnull(packet_full_len, packet_len)", "packet_len"},
		{"alt", "alt", "0"},
		{"hash", "hash", "0"},
		{"packetid", "packetid", "0"},
	};

	buf_str(sql, "SELECT ts_sec, ts_usec, datasource, dlt, packet, lat, lon");
	for (size_t i = 0; i < ARRAY_SIZE(late); i++) {
		bool has = sqlite3_table_column_metadata(q->db, NULL, "packets", late[i].column, NULL, NULL, NULL, NULL,
							 NULL) == SQLITE_OK;

		buf_printf(sql, ", %s", has ? late[i].expression : late[i].otherwise);
	}
}

/* The rows of blocks that may match, then those behind the last block; or all rows. */
static void write_query(struct packet_query *q, struct buf *sql)
{
	write_columns(q, sql);
	if (has_blocks(q)) {
		buf_str(sql, " FROM norn_blocks b CROSS JOIN packets p ON p.rowid "
			     "BETWEEN b.first_row AND b.last_row WHERE 1");
		for (size_t i = 0; i < q->n; i++)
			block_condition(sql, &q->bound[i], (int) i + 1);
		row_conditions(q, sql);
		buf_str(sql, " UNION ALL ");
		write_columns(q, sql);
		buf_str(sql, " FROM packets WHERE rowid > ifnull((SELECT max(last_row) FROM "
			     "norn_blocks), 0)");
	} else {
		buf_str(sql, " FROM packets WHERE 1");
	}
	row_conditions(q, sql);
	buf_printf(sql, " LIMIT ?%zu", q->n + 1);
}

int packet_query_begin(struct packet_query *q, char ret_error[256])
{
	struct buf sql = {0};
	int r;

	write_query(q, &sql);
	r = sqlite3_prepare_v2(q->db, buf_text(&sql), -1, &q->rows, NULL);
	buf_finish(&sql);
	if (r != SQLITE_OK) {
		(void) snprintf(ret_error, 256, "The log cannot be searched: %s", sqlite3_errmsg(q->db));
		return ERR_UNSUPPORTED;
	}
	for (size_t i = 0; i < q->n; i++)
		bind(q, (int) i + 1, &q->bound[i]);
	(void) sqlite3_bind_int64(q->rows, (int) q->n + 1, q->limit);
	return 0;
}

static uint16_t source_number(struct packet_query *q, const char *uuid)
{
	for (uint32_t i = 0; i < q->n_uuids; i++)
		if (strcmp(q->uuids[i], uuid) == 0)
			return (uint16_t) i;
	if (q->n_uuids == SOURCES_KEPT)
		return SOURCES_KEPT - 1;
	(void) snprintf(q->uuids[q->n_uuids], UUID_TEXT_SIZE, "%s", uuid);
	return (uint16_t) q->n_uuids++;
}

bool packet_query_more(struct packet_query *q)
{
	if (!q->pending && q->result != SQLITE_DONE) {
		q->result = sqlite3_step(q->rows);
		q->pending = q->result == SQLITE_ROW;
		if (!q->pending && q->result != SQLITE_DONE)
			(void) snprintf(q->torn, sizeof(q->torn), "%s", sqlite3_errmsg(q->db));
		if (!q->pending)
			q->result = SQLITE_DONE;
	}
	return q->pending;
}

const char *packet_query_torn(const struct packet_query *q)
{
	return q->torn[0] ? q->torn : NULL;
}

static void write_row(struct packet_query *q, struct buf *out)
{
	const char *uuid = (const char *) sqlite3_column_text(q->rows, 2);
	struct packet_summary s = {0};

	s.time_us = (uint64_t) sqlite3_column_int64(q->rows, 0) * 1000000 + (uint64_t) sqlite3_column_int64(q->rows, 1);
	s.source = source_number(q, uuid ? uuid : "");
	s.linktype = (uint16_t) sqlite3_column_int(q->rows, 3);
	s.captured = (uint32_t) sqlite3_column_bytes(q->rows, 4);
	s.position.lat = sqlite3_column_double(q->rows, 5) * q->position_unit;
	s.position.lon = sqlite3_column_double(q->rows, 6) * q->position_unit;
	s.length = (uint32_t) sqlite3_column_int64(q->rows, 7);
	s.position.alt_m = (float) sqlite3_column_double(q->rows, 8);
	if (s.position.lat != 0 && s.position.lon != 0 && fabs(s.position.lat) <= 90 && fabs(s.position.lon) <= 180 &&
	    fabsf(s.position.alt_m) < 100000)
		s.position.fix = s.position.alt_m != 0 ? POSITION_FIX_3D : POSITION_FIX_2D;
	s.hash = (uint32_t) sqlite3_column_int64(q->rows, 9);
	s.number = (uint64_t) sqlite3_column_int64(q->rows, 10);
	pcapng_packet(&q->file, out, &s, sqlite3_column_blob(q->rows, 4));
}

bool packet_query_next(struct packet_query *q, struct buf *out, size_t enough)
{
	if (!q->begun)
		pcapng_begin(out);
	q->begun = true;
	while (out->len < enough) {
		if (!packet_query_more(q))
			return false;
		write_row(q, out);
		q->packets++;
		q->pending = false;
	}
	return true;
}

const char *packet_query_filter_name(size_t i)
{
	return i < ARRAY_SIZE(filters) ? filters[i].name : NULL;
}

uint64_t packet_query_packets(const struct packet_query *q)
{
	return q->packets;
}

void packet_query_again(struct packet_query *q)
{
	q->begun = false;
	q->file.n_interfaces = 0;
}

int packet_query_drop(const char *path, int64_t before_sec, char ret_error[256])
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db;
	bool done = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
		    sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK &&
		    sqlite3_prepare_v2(db, "DELETE FROM packets WHERE ts_sec <= ?", -1, &s, NULL) == SQLITE_OK &&
		    sqlite3_bind_int64(s, 1, before_sec) == SQLITE_OK && sqlite3_step(s) == SQLITE_DONE;

	if (!done)
		(void) snprintf(ret_error, 256, "Packets cannot be dropped: %s", sqlite3_errmsg(db));
	(void) sqlite3_finalize(s);
	(void) sqlite3_close_v2(db);
	return done ? 0 : ERR_DENIED;
}
