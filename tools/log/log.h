/* norn-log: what its commands share. One thread. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/json_in.h"

#define LOG_VERSION_LEAST 4
#define FILTERS_MAX 32
#define LOG_INPUTS_MAX 256

struct log_options {
	const char *inputs[LOG_INPUTS_MAX];
	unsigned n_inputs;
	const char *out; /* NULL or "-": standard output */
	bool force, quiet, split_source, json;
	uint64_t split_packets, split_bytes;
	double rate_sec;
	const char *filter_names[FILTERS_MAX], *filter_values[FILTERS_MAX];
	unsigned n_filters;
	double exclude_lat, exclude_lon, exclude_m;
};

struct log_db {
	sqlite3 *db;
	const char *path;
	int64_t version;
	bool torn;         /* something in it could not be read: told */
	bool lacks_wal;    /* it was copied while it was written, without its write-ahead log: told */
	double place_unit; /* what a stored degree is multiplied with: 1, or 1e-5 below version 5 */
};

enum log_open { LOG_READ, LOG_CHANGE, LOG_MEND /* a damaged one too */ };

/* Opens a log of either program; false when it cannot be read, told, and log_status() is 1 then. A log whose writer
 * died is rolled back or forward by SQLite on the way. */
bool log_open(struct log_db *l, const char *path, enum log_open how);
void log_close(struct log_db *l);
/* Whether all that is needed is there and every page can be read; if not, why. Reads the whole file. */
bool log_sound(struct log_db *l, char ret_why[160]);
/* A prepared statement; ends the program, with what SQLite says, when there is none. */
sqlite3_stmt *log_prepare(struct log_db *l, const char *sql);
/* The next row; false at the end, and, told by log_torn(), where the log cannot be read on. */
bool log_next(struct log_db *l, sqlite3_stmt *s);
/* Tells that a log ends early, which makes log_status() 1. */
void log_torn(const char *path, const char *why);
/* Tells, once for a log, that a record of a device is no JSON. */
void log_torn_record(struct log_db *l, const char *mac);
/* The exit status of a command that wrote all it could. */
int log_status(void);
/* The column, or what to select instead in a log that lacks it. */
const char *log_column(struct log_db *l, const char *table, const char *column, const char *otherwise);
/* About how many rows a table has: found at once, by its first and last. */
uint64_t log_rows(struct log_db *l, const char *table);
bool log_has(struct log_db *l, const char *table, const char *column);
bool log_run(struct log_db *l, const char *sql);
/* A column as text, never NULL. */
const char *log_text(sqlite3_stmt *s, int column);
double log_place(const struct log_db *l, sqlite3_stmt *s, int column);
/* True unless the place is none, or within what the options leave out. */
bool log_place_good(const struct log_options *o, double lat, double lon);

/* Opens the output; ends the program when it exists and is not to be replaced, or cannot be made.
 */
FILE *log_output(const struct log_options *o);
/* Writes what the buffer holds once it is much (all: whatever it holds). */
void log_write_out(FILE *f, struct buf *b, bool all);
/* f NULL: there was no log to write of. */
void log_finish(FILE *f, struct buf *b);
/* A bar that shows how far it is, on a terminal, a few times a second; total 0: the end, the bar
 * goes. */
void log_progress(const struct log_options *o, uint64_t done, uint64_t total);
/* What the log tells of how exact its places are; NULL when it tells nothing. The caller frees it. */
struct log_accuracy;
struct log_accuracy *log_accuracy_read(struct log_db *l);
/* Metres around a packet's place, as stored, or of its second; 0 when unknown. a may be NULL. */
double log_accuracy_of(const struct log_accuracy *a, int64_t sec, double lat, double lon);
/* The member of the record, by its name and one below it (NULL: none); NULL when it is not there.
 */
const struct json_in *log_member(const struct json_in *record, const char *name, const char *below);

/* The commands: an exit status. */
int log_pcap(const struct log_options *o);
int log_wigle(const struct log_options *o);
int log_kml(const struct log_options *o);
int log_gpx(const struct log_options *o);
int log_json(const struct log_options *o);
int log_ekjson(const struct log_options *o);
int log_csv(const struct log_options *o);
int log_stats(const struct log_options *o);
int log_strip(const struct log_options *o);
int log_check(const struct log_options *o);
int log_repair(const struct log_options *o);
int log_merge(const struct log_options *o);
int log_index(const struct log_options *o);
