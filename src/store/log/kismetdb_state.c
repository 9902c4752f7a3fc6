#include "store/log/kismetdb_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

struct kismetdb_state {
	sqlite3 *db;
	sqlite3_stmt *set, *print;
	struct fingerprints *fingerprints;
	uint32_t written_version;
};

struct kismetdb_state *kismetdb_state_create(sqlite3 *db, struct fingerprints *fingerprints)
{
	struct kismetdb_state *s = xnew(struct kismetdb_state, 1);

	s->db = db;
	s->fingerprints = fingerprints;
	if (sqlite3_prepare_v3(db, "INSERT OR REPLACE INTO norn_state VALUES (?,?)", -1, SQLITE_PREPARE_PERSISTENT,
			       &s->set, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, "INSERT OR REPLACE INTO norn_fingerprints VALUES (?,?,?,?)", -1,
			       SQLITE_PREPARE_PERSISTENT, &s->print, NULL) == SQLITE_OK)
		return s;
	kismetdb_state_destroy(s);
	return NULL;
}

void kismetdb_state_destroy(struct kismetdb_state *s)
{
	if (!s)
		return;
	(void) sqlite3_finalize(s->set);
	(void) sqlite3_finalize(s->print);
	free(s);
}

static bool step(sqlite3_stmt *s)
{
	bool done = sqlite3_step(s) == SQLITE_DONE;

	(void) sqlite3_reset(s);
	return done;
}

static bool set_number(struct kismetdb_state *s, const char *name, uint32_t value)
{
	(void) sqlite3_bind_text(s->set, 1, name, -1, SQLITE_STATIC);
	(void) sqlite3_bind_int64(s->set, 2, value);
	return step(s->set);
}

static bool write_fingerprints(struct kismetdb_state *s)
{
	uint32_t version = s->fingerprints ? fingerprints_version(s->fingerprints) : 0, n;
	struct fingerprint *all;
	bool good;

	if (version == s->written_version)
		return true;
	all = fingerprints_all(s->fingerprints, &n);
	good = sqlite3_exec(s->db, "DELETE FROM norn_fingerprints", NULL, NULL, NULL) == SQLITE_OK;
	for (uint32_t i = 0; i < n && good; i++) {
		char mac[MAC_TEXT_SIZE];

		mac_format(&all[i].mac, mac);
		(void) sqlite3_bind_text(s->print, 1, mac, -1, SQLITE_TRANSIENT);
		(void) sqlite3_bind_int64(s->print, 2, all[i].beacon);
		(void) sqlite3_bind_int64(s->print, 3, all[i].probe);
		(void) sqlite3_bind_int64(s->print, 4, all[i].response);
		good = step(s->print);
	}
	free(all);
	s->written_version = version;
	return good;
}

bool kismetdb_state_write(struct kismetdb_state *s, uint32_t server_sec, uint32_t history_sec)
{
	return set_number(s, "written", server_sec) && set_number(s, "now", history_sec) && write_fingerprints(s);
}

/* The octets of a path up to the last '/' and with it. */
static size_t folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t) (slash - path) + 1 : 0;
}

static bool folder_stat(const char *path, struct stat *ret)
{
	cleanup_free char *folder = xstrndup(path, folder_of(path));

	return stat(*folder ? folder : ".", ret) == 0;
}

static bool same_folder(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return folder_stat(a, &of_a) && folder_stat(b, &of_b) && of_a.st_dev == of_b.st_dev &&
	       of_a.st_ino == of_b.st_ino;
}

bool kismetdb_state_continues(struct kismetdb_state *s, const char *own, const char *earlier)
{
	if (!earlier)
		return sqlite3_exec(s->db, "DELETE FROM norn_state WHERE name = 'continues'", NULL, NULL, NULL) ==
		       SQLITE_OK;
	if (!same_folder(own, earlier))
		return true;
	(void) sqlite3_bind_text(s->set, 1, "continues", -1, SQLITE_STATIC);
	(void) sqlite3_bind_text(s->set, 2, earlier + folder_of(earlier), -1, SQLITE_TRANSIENT);
	return step(s->set);
}
