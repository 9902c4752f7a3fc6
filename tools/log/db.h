/* Logs as files: opening, reading columns, output and progress. */
#pragma once
#include "log.h"

void log_close(struct log_db *l);
/* A prepared statement; ends the program, with what SQLite says, when there is none. */
sqlite3_stmt *log_prepare(struct log_db *l, const char *sql);
/* The next row; false at the end, and, after log_torn(), where the log cannot be read on. */
bool log_next(struct log_db *l, sqlite3_stmt *s);
/* Reports that a log ends early, and how to go on, which makes log_status() 1. */
void log_torn(const struct log_db *l, const char *why);
/* What somebody can do who has a damaged log: copy it again where it was copied while it was written. */
const char *log_way_out(const struct log_db *l);
/* Reports, once for a log, that a record of a device is not JSON. */
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
double log_position(const struct log_db *l, sqlite3_stmt *s, int column);
/* True unless there is no position, or it is within what the options leave out. */
bool log_position_good(const struct log_options *o, double lat, double lon);
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
/* The member of the record, by its name and one below it (NULL: none); NULL when it is not there.
 */
const struct json_in *log_member(const struct json_in *record, const char *name, const char *below);
