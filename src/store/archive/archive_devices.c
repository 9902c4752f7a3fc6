#include "store/archive/archive_devices.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/mem.h"
#include "capture/kismetdb_open.h"
#include "phy/phys.h"
#include "track/restore.h"

#define AT_ONCE 256
#define RECORD_MAX (64 * 1024 * 1024) /* octets of one */
#define STEPS 10000
#define SLOTS_LEAST 1024

/* A device, with what its sightings of the span add up to. */
struct archived_sum {
	struct key key;
	uint64_t frames, sent, duplicates, octets, alerts;
	uint32_t first_sec, last_sec; /* of its sightings' minutes */
	uint32_t log;                 /* 1 + number of the latest log that has it; 0: none */
	bool in_memory;               /* no log has its latest sightings: the model knows it best */
};

struct path {
	char text[ARCHIVE_PATH_SIZE];
};

struct archive_devices {
	struct tracker *tracker;
	const struct devices *model;
	struct archived_sum *sums;
	size_t n, cap;
	uint32_t *slots, n_slots; /* 1 + number of a sum; a power of two */
	struct path *logs;
	uint32_t n_logs;
	uint32_t *order;
	struct archive_progress progress;
	/* the log that is open */
	uint32_t open;
	sqlite3 *db;
	sqlite3_stmt *find;
	struct device loaded; /* of a log, */
	struct arena copies;  /* or of the model: the device that was loaded last */
};

static uint32_t hash_of(const struct key *k)
{
	uint64_t h = (mac_u64(&k->mac) ^ (uint64_t) k->phy_hash << 16) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t) (h >> 32);
}

static void grow(struct archive_devices *a)
{
	a->n_slots = a->n_slots ? 2 * a->n_slots : SLOTS_LEAST;
	free(a->slots);
	a->slots = xnew(uint32_t, a->n_slots);
	for (size_t i = 0; i < a->n; i++) {
		uint32_t slot = hash_of(&a->sums[i].key) & (a->n_slots - 1);

		while (a->slots[slot])
			slot = (slot + 1) & (a->n_slots - 1);
		a->slots[slot] = (uint32_t) i + 1;
	}
}

static struct archived_sum *find_or_add(struct archive_devices *a, const struct key *key)
{
	uint32_t slot;

	if (2 * (a->n + 1) > a->n_slots)
		grow(a);
	for (slot = hash_of(key) & (a->n_slots - 1); a->slots[slot]; slot = (slot + 1) & (a->n_slots - 1))
		if (key_equal(&a->sums[a->slots[slot] - 1].key, key))
			return &a->sums[a->slots[slot] - 1];
	if (a->n == a->cap) {
		a->cap = a->cap ? 2 * a->cap : 256;
		xgrow(a->sums, a->cap);
	}
	a->sums[a->n] = (struct archived_sum){.key = *key, .first_sec = UINT32_MAX};
	a->slots[slot] = (uint32_t) ++a->n;
	return &a->sums[a->n - 1];
}

static void add(struct archive_devices *a, const struct sighting *s, uint32_t log)
{
	struct archived_sum *sum = find_or_add(a, &s->device);
	uint32_t end = s->start_sec + s->seconds;

	sum->frames += s->frames;
	sum->sent += s->sent;
	sum->duplicates += s->duplicates;
	sum->octets += s->octets;
	sum->alerts += s->alerts;
	if (s->start_sec < sum->first_sec)
		sum->first_sec = s->start_sec;
	if (end > sum->last_sec)
		sum->last_sec = end;
	sum->in_memory |= log == 0;
	if (log > sum->log) /* logs come by time, the one that is being written last */
		sum->log = log;
}

static uint32_t log_number(struct archive_devices *a, const struct archived_log *log)
{
	if (!log)
		return 0;
	if (a->n_logs == 0 || strcmp(a->logs[a->n_logs - 1].text, log->path) != 0) {
		xgrow(a->logs, a->n_logs + 1);
		(void) strcpy(a->logs[a->n_logs++].text, log->path);
	}
	return a->n_logs;
}

static _Thread_local const struct archive_devices *sorted; /* qsort() has no argument for it */

static int by_log(const void *pa, const void *pb)
{
	const struct archived_sum *a = &sorted->sums[*(const uint32_t *) pa],
				  *b = &sorted->sums[*(const uint32_t *) pb];

	return a->log == b->log ? 0 : a->log < b->log ? -1 : 1;
}

static void sort(struct archive_devices *a)
{
	a->order = xnew(uint32_t, a->n ? a->n : 1);
	for (uint32_t i = 0; i < a->n; i++)
		a->order[i] = i;
	sorted = a;
	qsort(a->order, a->n, sizeof(*a->order), by_log);
}

struct archive_devices *archive_devices_find(struct catalogue *c, struct tracker *t, const struct devices *model,
					     uint32_t from_sec, uint32_t to_sec)
{
	const struct archive_span span = {.from_sec = from_sec, .to_sec = to_sec};
	struct archive_sightings *s = archive_sightings_open(c, t, &span);
	struct archive_devices *a = xnew(struct archive_devices, 1);
	struct sighting *some = xnew(struct sighting, AT_ONCE);
	size_t n;

	a->tracker = t;
	a->model = model;
	while ((n = archive_sightings_next(s, some, AT_ONCE)) > 0) {
		uint32_t log = log_number(a, archive_sightings_log(s));

		for (size_t i = 0; i < n; i++)
			add(a, &some[i], log);
	}
	a->progress = *archive_sightings_progress(s);
	sort(a);
	archive_sightings_close(s);
	free(some);
	return a;
}

static void close_log(struct archive_devices *a)
{
	(void) sqlite3_finalize(TAKE(a->find));
	(void) sqlite3_close_v2(TAKE(a->db));
	a->open = 0;
}

size_t archive_devices_count(const struct archive_devices *a)
{
	return a->n;
}

const struct archive_progress *archive_devices_progress(const struct archive_devices *a)
{
	return &a->progress;
}

const uint32_t *archive_devices_order(const struct archive_devices *a)
{
	return a->order;
}

static int is_over(void *ctx)
{
	(void) ctx;
	return budget_over();
}

static bool open_log(struct archive_devices *a, uint32_t log)
{
	enum kismetdb_wal wal;

	if (a->open == log)
		return a->find;
	close_log(a);
	a->open = log;
	if (kismetdb_open(a->logs[log - 1].text, RECORD_MAX, &a->db, &wal) != SQLITE_OK)
		return false;
	sqlite3_progress_handler(a->db, STEPS, is_over, NULL);
	return sqlite3_prepare_v2(a->db, "SELECT device FROM devices WHERE phyname = ? AND devmac = ?", -1, &a->find,
				  NULL) == SQLITE_OK;
}

/* By the index of the table: of phy and address. Phys that norn does not have are looked for by all names. */
static bool load_row(struct archive_devices *a, const char *phy, const struct key *key, struct device *ret)
{
	char mac[MAC_TEXT_SIZE];
	const char *record = NULL;
	bool found;

	mac_format(&key->mac, mac);
	(void) sqlite3_bind_text(a->find, 1, phy, -1, SQLITE_STATIC);
	(void) sqlite3_bind_text(a->find, 2, mac, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(a->find) == SQLITE_ROW)
		record = sqlite3_column_blob(a->find, 0);
	found = record && tracker_read_record(a->tracker, record, (size_t) sqlite3_column_bytes(a->find, 0),
					      clock_server_sec(), ret) >= 0;
	(void) sqlite3_reset(a->find);
	return found;
}

static bool load_from_log(struct archive_devices *a, const struct archived_sum *sum, struct device *ret)
{
	if (!sum->log || !open_log(a, sum->log))
		return false;
	for (uint8_t i = 0; i < PHYS_BUILT_IN; i++)
		if (key_phy_hash(phys_name(i)) == sum->key.phy_hash)
			return load_row(a, phys_name(i), &sum->key, ret);
	return false;
}

/* What was loaded before is given back. */
static void unload(struct archive_devices *a)
{
	device_free(&a->loaded);
	a->loaded = (struct device){0};
	arena_reset(&a->copies);
}

struct device *archive_devices_load(struct archive_devices *a, size_t i)
{
	const struct archived_sum *sum = &a->sums[i];
	struct device *d;

	unload(a);
	d = sum->in_memory ? devices_get(a->model, &sum->key, &a->copies) : NULL;
	if (!d && load_from_log(a, sum, &a->loaded))
		d = &a->loaded;
	if (!d) {
		unload(a);
		d = devices_get(a->model, &sum->key, &a->copies);
	}
	if (!d)
		return NULL;
	d->archived = true;
	d->packets = sum->frames > sum->duplicates ? sum->frames - sum->duplicates : 0;
	d->tx = sum->sent;
	d->rx = sum->frames - sum->sent;
	d->datasize = sum->octets;
	d->num_alerts = sum->alerts < UINT32_MAX ? (uint32_t) sum->alerts : UINT32_MAX;
	d->llc = d->error = d->data = d->crypt = d->filtered = 0;
	return d;
}

void archive_devices_free(struct archive_devices *a)
{
	if (!a)
		return;
	close_log(a);
	unload(a);
	arena_finish(&a->copies);
	free(a->sums);
	free(a->slots);
	free(a->logs);
	free(a->order);
	free(a);
}
