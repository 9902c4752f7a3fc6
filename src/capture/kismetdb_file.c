#include "capture/kismetdb_file.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/owned_file.h"
#include "base/period.h"
#include "capture/kismetdb_open.h"
#include "capture/pcapfile.h"

#define CELL_BYTES_MOST (16 * 1024 * 1024)
#define VERSION_LEAST 4
#define VERSION_DEGREES 5 /* before it, positions are whole numbers of 1e-5 degrees */

struct kismetdb_file {
	sqlite3 *db;
	sqlite3_stmt *rows;
	double position_unit;
	uint64_t bytes;
	int64_t last_row;
	int64_t row;
};

enum column { ROW, SEC, USEC, DLT, PACKET, FREQUENCY, SIGNAL, LAT, LON, ALT, LENGTH, BAD };

bool kismetdb_file_is(const char *path)
{
	char head[16] = "";
	struct stat st;
	bool there = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	bool ours = there && owned_file_is(&st); /* which is not opened to look at it */
	FILE *f = there && !ours ? fopen(path, "re") : NULL;
	bool is = f && fread(head, 1, sizeof(head), f) == sizeof(head) &&
		  memcmp(head, "SQLite format 3", sizeof(head)) == 0;

	if (f)
		(void) fclose(f);
	return is || ours;
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	(void) sqlite3_finalize(s);
	return n;
}

static bool has(sqlite3 *db, const char *column)
{
	return sqlite3_table_column_metadata(db, NULL, "packets", column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

static int prepare(struct kismetdb_file *f)
{
	char sql[256];

	(void) snprintf(sql, sizeof(sql),
			"SELECT rowid, ts_sec, ts_usec, dlt, packet, frequency, signal, lat, "
			"lon, %s, %s, %s FROM packets ORDER BY rowid",
			has(f->db, "alt") ? "alt" : "0",
			has(f->db, "packet_full_len") ? "packet_full_len" : "packet_len",
			has(f->db, "error") ? "error" : "0");
	return sqlite3_prepare_v2(f->db, sql, -1, &f->rows, NULL);
}

int kismetdb_file_open(const char *path, struct kismetdb_file **ret_file, char *ret_error, size_t size)
{
	struct kismetdb_file *f = xnew(struct kismetdb_file, 1);
	enum kismetdb_wal wal;
	int64_t version = 0;
	struct stat st;

	if (kismetdb_open(path, CELL_BYTES_MOST, &f->db, &wal) == SQLITE_OK)
		version = number(f->db, "SELECT db_version FROM KISMET");
	if (version < VERSION_LEAST || prepare(f) != SQLITE_OK) {
		(void) snprintf(ret_error, size,
				version == 0 && wal == KISMETDB_WAL_MISSING
					? "its -wal is missing, and with it all that the log held; copy both files"
				: version == 0 ? "it is not a readable kismetdb log; `norn-log repair` saves what is "
						 "left of a cut or damaged one"
				: version < VERSION_LEAST ? "the log has a version before " TEXT_OF(VERSION_LEAST)
							  : "the log has no readable packets");
		kismetdb_file_close(f);
		return ERR_UNSUPPORTED;
	}
	f->position_unit = version < VERSION_DEGREES ? 1e-5 : 1;
	f->last_row = number(f->db, "SELECT max(rowid) FROM packets");
	f->bytes = stat(path, &st) == 0 ? (uint64_t) st.st_size : 0;
	*ret_file = f;
	return 0;
}

static void fill_position(const struct kismetdb_file *f, struct position *p)
{
	double lat = sqlite3_column_double(f->rows, LAT) * f->position_unit;
	double lon = sqlite3_column_double(f->rows, LON) * f->position_unit;

	if ((lat == 0 && lon == 0) || !(fabs(lat) <= 90) || !(fabs(lon) <= 180))
		return;
	*p = (struct position){
		.lat = lat, .lon = lon, .alt_m = (float) sqlite3_column_double(f->rows, ALT), .fix = POSITION_FIX_2D};
	if (p->alt_m != 0)
		p->fix = POSITION_FIX_3D;
}

static void fill_radio(const struct kismetdb_file *f, struct radio *r)
{
	double khz = sqlite3_column_double(f->rows, FREQUENCY);
	int signal = sqlite3_column_int(f->rows, SIGNAL);

	if (khz > 0 && khz < 1e8)
		r->freq_khz = (uint32_t) khz;
	if (signal < 0 && signal >= INT8_MIN) {
		r->signal_dbm = (int8_t) signal;
		r->have |= RADIO_HAS_SIGNAL;
	}
}

/* What the writer of the log found damaged, of which the octets may not show it. Other link types are not understood by
 * every program. */
static bool is_damaged(const struct kismetdb_file *f, const struct packet *packet)
{
	switch (packet->linktype) {
	case LINKTYPE_IEEE802_11:
	case LINKTYPE_PRISM:
	case LINKTYPE_RADIOTAP:
	case LINKTYPE_AVS:
	case LINKTYPE_PPI: return !packet->fcs_ignored && sqlite3_column_int(f->rows, BAD);
	default: return false;
	}
}

int kismetdb_file_next(struct kismetdb_file *f, struct packet *ret)
{
	int r;
	uint32_t n;

	/* Packets that were stripped hold nothing that could be seen. */
	while ((r = sqlite3_step(f->rows)) == SQLITE_ROW) {
		int64_t sec = sqlite3_column_int64(f->rows, SEC), usec = sqlite3_column_int64(f->rows, USEC);

		f->row = sqlite3_column_int64(f->rows, ROW);
		n = (uint32_t) sqlite3_column_bytes(f->rows, PACKET);
		if (n == 0 || n > PCAPFILE_CAPLEN_MAX || sec < 0 || usec < 0 || usec >= 1000000)
			continue;
		ret->data = span_of(sqlite3_column_blob(f->rows, PACKET), n);
		ret->time_us = (uint64_t) sec * 1000000 + (uint64_t) usec;
		ret->linktype = (uint16_t) sqlite3_column_int(f->rows, DLT);
		ret->length = (uint32_t) sqlite3_column_int64(f->rows, LENGTH);
		fill_position(f, &ret->position);
		fill_radio(f, &ret->radio);
		ret->damaged = is_damaged(f, ret);
		return 1;
	}
	return r == SQLITE_DONE ? 0 : ERR_MALFORMED;
}

uint64_t kismetdb_file_offset(const struct kismetdb_file *f)
{
	return f->last_row > 0 ? (uint64_t) ((double) f->bytes * (double) f->row / (double) f->last_row) : 0;
}

void kismetdb_file_close(struct kismetdb_file *f)
{
	if (!f)
		return;
	(void) sqlite3_finalize(f->rows);
	(void) sqlite3_close_v2(f->db);
	free(f);
}
