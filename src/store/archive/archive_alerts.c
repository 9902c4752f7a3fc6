#include "store/archive/archive_alerts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/json_in.h"
#include "base/mac.h"
#include "base/mem.h"
#include "capture/kismetdb_open.h"

#define CELL_MAX (1024 * 1024)
#define STEPS 10000
#define ADDRESSES_MOST 100000

struct addresses {
	uint64_t *items;
	size_t n, cap;
};

static int is_over(void *ctx)
{
	(void) ctx;
	return budget_over();
}

static void add(struct addresses *a, const char *text)
{
	struct mac mac;

	if (!text || mac_parse(text, strlen(text), &mac) < 0 || mac_is_zero(&mac) || mac_is_group(&mac) ||
	    a->n == ADDRESSES_MOST)
		return;
	if (a->n == a->cap) {
		a->cap = a->cap ? 2 * a->cap : 64;
		xgrow(a->items, a->cap);
	}
	a->items[a->n++] = mac_u64(&mac);
}

/* Kismet's members of an alert. */
static void add_alert(struct addresses *a, const char *json, size_t n)
{
	static const char *const members[] = {"kismet.alert.transmitter_mac", "kismet.alert.source_mac",
					      "kismet.alert.dest_mac", "kismet.alert.other_mac"};
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *alert = json_in_read(json, n, error);

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		add(a, json_in_text(json_in_get(alert, members[i])));
	json_in_free(alert);
}

static void read_log(const struct archived_log *log, uint32_t from_sec, uint32_t to_sec, const struct query_program *p,
		     size_t i, struct addresses *a)
{
	sqlite3_stmt *s = NULL;
	enum kismetdb_wal wal;
	sqlite3 *db;

	if (kismetdb_open(log->path, CELL_MAX, &db, &wal) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT header, devmac, json FROM alerts WHERE ts_sec >= ? AND ts_sec < ?", -1, &s,
			       NULL) == SQLITE_OK) {
		sqlite3_progress_handler(db, STEPS, is_over, NULL);
		(void) sqlite3_bind_int64(s, 1, from_sec);
		(void) sqlite3_bind_int64(s, 2, to_sec);
		while (sqlite3_step(s) == SQLITE_ROW) {
			const char *name = (const char *) sqlite3_column_text(s, 0);
			const char *json = sqlite3_column_blob(s, 2);

			if (!name || !query_other_matches(p, i, name, strlen(name)))
				continue;
			add(a, (const char *) sqlite3_column_text(s, 1));
			if (json)
				add_alert(a, json, (size_t) sqlite3_column_bytes(s, 2));
		}
	}
	(void) sqlite3_finalize(s);
	(void) sqlite3_close_v2(db);
}

size_t archive_alert_addresses(struct catalogue *c, uint32_t from_sec, uint32_t to_sec, const struct query_program *p,
			       size_t i, uint64_t **ret)
{
	struct addresses a = {0};
	struct archived_log *logs;
	size_t n = catalogue_find(c, (uint64_t) from_sec * 1000000, (uint64_t) to_sec * 1000000, &logs);

	for (size_t k = 0; k < n && !budget_over(); k++)
		if (!logs[k].damaged)
			read_log(&logs[k], from_sec, to_sec, p, i, &a);
	free(logs);
	*ret = a.items;
	return a.n;
}
