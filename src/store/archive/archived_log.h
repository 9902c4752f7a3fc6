/* What a kismetdb log covers, read from the log itself: any that was written since 2019, by whatever program. */
#pragma once
#include "base/arena.h"
#include "field/field.h"

#define ARCHIVE_PATH_SIZE 1024

/* What shows that a file has changed, and so has to be read again. */
struct archived_stamp {
	uint64_t inode, octets, changed_ns; /* of the log itself; the last two with its -wal */
};

struct archived_log {
	char path[ARCHIVE_PATH_SIZE];
	struct archived_stamp stamp;
	uint64_t first_us, last_us; /* packet times; 0: it holds nothing that has a time */
	uint64_t packets;           /* rows, about: by the first and the last */
	uint32_t devices;           /* rows, likewise */
	int32_t version;            /* of the format; 0: unknown */
	bool has_sightings;         /* it has norn_sightings, which answers without a look at packets */
	bool damaged;               /* it cannot be read, or not to its end */
	char damage[160];           /* why, in words */
};
extern struct field_table archived_log_table;

/* The stamp of the file and its -wal; false when it is not there. Any thread. */
bool archived_stamp(const char *path, struct archived_stamp *ret);
/* Reads what the log covers; what is wrong with it is in ret_log. Takes milliseconds for a log of norn's, and as long
 * as reading it takes for one without an index of its packets. Ends early, and returns false, when the server stops.
 * Any thread. */
bool archived_log_read(const char *path, struct archived_log *ret_log);
/* The log of that path among n that are sorted by path; NULL: it is not there. */
const struct archived_log *archived_log_find(const struct archived_log *logs, size_t n, const char *path);
/* For qsort(): by path. */
int archived_log_by_path(const void *a, const void *b);
