#include <string.h>

#include "check.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"

/* What a log of either program has, from the first version on. */
static const struct {
	const char *table, *column;
} needed[] = {
	{"devices", "devmac"},
	{"packets", "packet"},
	{"datasources", "uuid"},
};

/* The first problem that SQLite finds; false when it finds none. */
static bool find_damage(struct log_db *l, const char *pragma, char ret_why[160])
{
	sqlite3_stmt *s = NULL;
	bool found = sqlite3_prepare_v2(l->db, pragma, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW;

	if (found)
		(void) snprintf(ret_why, 160, "%s", sqlite3_errmsg(l->db));
	else if ((found = strcmp(log_text(s, 0), "ok") != 0))
		(void) snprintf(ret_why, 160, "%s", log_text(s, 0));
	(void) sqlite3_finalize(s);
	ret_why[strcspn(ret_why, "\n")] = '\0';
	return found;
}

bool log_sound(struct log_db *l, char ret_why[160])
{
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (log_has(l, needed[i].table, needed[i].column) && log_has(l, needed[i].table, "rowid"))
			continue;
		(void) snprintf(ret_why, 160, "its table %s is missing or not that of a kismetdb log", needed[i].table);
		return false;
	}
	return !find_damage(l, "PRAGMA quick_check(1)", ret_why);
}

static int check(const char *path)
{
	int status = 0;
	struct log_db l;
	sqlite3_stmt *s;

	if (!log_open(&l, path, LOG_READ))
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!log_has(&l, needed[i].table, NULL)) {
			(void) printf("%s: there is no table %s\n", path, needed[i].table);
			status = 1;
		}
	s = log_prepare(&l, "PRAGMA integrity_check");
	while (log_next(&l, s)) {
		bool good = strcmp(log_text(s, 0), "ok") == 0;

		if (!good)
			(void) printf("%s: %s\n", path, log_text(s, 0));
		status |= !good;
	}
	(void) sqlite3_finalize(s);
	log_close(&l);
	status |= l.torn;
	if (status)
		(void) printf("%s: damaged; %s\n", path, log_way_out(&l));
	else
		(void) printf("%s: %s\n", path, l.lacks_wal ? "whole, but its -wal is missing" : "whole");
	return status;
}

int log_check(const struct log_options *o)
{
	int status = 0;

	for (unsigned i = 0; i < o->n_inputs; i++)
		status |= check(o->inputs[i]);
	return status;
}
