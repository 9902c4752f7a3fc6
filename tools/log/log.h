/* norn-log: what its commands share. One thread. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/key.h"
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
	uint32_t from_sec, to_sec; /* 0: from the beginning, to the end */
	struct key device;
	bool has_device;
};

struct log_db {
	sqlite3 *db;
	const char *path;
	int64_t version;
	bool torn;            /* something in it could not be read; reported */
	bool lacks_wal;       /* it was copied while it was written, without its write-ahead log; reported */
	double position_unit; /* what a stored degree is multiplied with: 1, or 1e-5 below version 5 */
};

enum log_open { LOG_READ, LOG_CHANGE, LOG_MEND /* a damaged one too */ };

/* Opens a log of either program; false when it cannot be read, which is reported, and log_status() is 1 then. A log
 * whose writer died is rolled back or forward by SQLite on the way. */
bool log_open(struct log_db *l, const char *path, enum log_open how);

/* How exact the log's positions are; NULL when it does not say. The caller frees it. */
struct log_accuracy;

/* The commands: an exit status. */
int log_pcap(const struct log_options *o);
