#include "store/archive/archive_device.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/kismetdb_open.h"
#include "track/restore.h"

#define RECORD_MAX (64 * 1024 * 1024) /* octets of one */
#define STEPS 10000

void archived_device_finish(struct archived_device *d)
{
	device_free(&d->device);
	*d = (struct archived_device){0};
}

static int is_over(void *ctx)
{
	(void) ctx;
	return budget_over();
}

/* Several phys may have one address: the record says which key it is of. */
static int read_row(sqlite3_stmt *s, struct tracker *t, const struct key *key, struct archived_device *ret)
{
	const char *record = sqlite3_column_blob(s, 0);
	int r = record ? tracker_read_record(t, record, (size_t) sqlite3_column_bytes(s, 0), clock_server_sec(),
					     &ret->device)
		       : ERR_MALFORMED;

	if (r >= 0 && !key_equal(&ret->device.key, key))
		r = ERR_NOT_FOUND;
	if (r < 0)
		archived_device_finish(ret);
	else
		ret->device.archived = true;
	return r;
}

static int read_from(sqlite3 *db, struct tracker *t, const struct key *key, struct archived_device *ret)
{
	char mac[MAC_TEXT_SIZE];
	sqlite3_stmt *s = NULL;
	int r = ERR_NOT_FOUND;

	/* without a scan: the table's own index is of phy and address */
	if (sqlite3_prepare_v2(db,
			       "SELECT device FROM devices WHERE phyname IN (SELECT DISTINCT phyname FROM "
			       "devices) AND devmac = ?",
			       -1, &s, NULL) != SQLITE_OK)
		return ERR_NOT_FOUND;
	mac_format(&key->mac, mac);
	(void) sqlite3_bind_text(s, 1, mac, -1, SQLITE_TRANSIENT);
	while (r < 0 && sqlite3_step(s) == SQLITE_ROW)
		r = read_row(s, t, key, ret);
	(void) sqlite3_finalize(s);
	return r;
}

static int read_log(const struct archived_log *log, struct tracker *t, const struct key *key,
		    struct archived_device *ret)
{
	enum kismetdb_wal wal;
	sqlite3 *db;
	int r = ERR_NOT_FOUND;

	*ret = (struct archived_device){0};
	if (log->damaged)
		return r;
	if (kismetdb_open(log->path, RECORD_MAX, &db, &wal) == SQLITE_OK) {
		sqlite3_progress_handler(db, STEPS, is_over, NULL);
		r = read_from(db, t, key, ret);
	}
	(void) sqlite3_close_v2(db);
	(void) snprintf(ret->path, sizeof(ret->path), "%s", log->path);
	ret->log_last_us = log->last_us;
	return r;
}

/* The latest first; what is being written, and so has no span yet, is not asked: the model knows better. */
static int latest_first(const void *pa, const void *pb)
{
	const struct archived_log *a = pa, *b = pb;

	return a->last_us == b->last_us ? 0 : a->last_us > b->last_us ? -1 : 1;
}

int archive_device_at(struct catalogue *c, struct tracker *t, const struct key *key, uint32_t at_sec,
		      struct archived_device *ret)
{
	uint64_t at_us = (uint64_t) at_sec * 1000000 + 999999;
	struct archived_log *logs;
	size_t n = catalogue_find(c, 0, at_us, &logs);
	int r = ERR_NOT_FOUND;

	qsort(logs, n, sizeof(*logs), latest_first);
	for (size_t i = 0; i < n && r < 0 && !budget_over(); i++)
		if (logs[i].first_us)
			r = read_log(&logs[i], t, key, ret);
	free(logs);
	return r;
}

void archive_device_each(struct catalogue *c, struct tracker *t, const struct key *key, uint64_t from_us,
			 uint64_t to_us, bool (*fn)(void *ctx, const struct archived_device *d), void *ctx)
{
	struct archived_log *logs;
	size_t n = catalogue_find(c, from_us, to_us, &logs);
	struct archived_device d;
	bool more = true;

	for (size_t i = 0; i < n && more && !budget_over(); i++)
		if (read_log(&logs[i], t, key, &d) >= 0) {
			more = fn(ctx, &d);
			archived_device_finish(&d);
		}
	free(logs);
}
