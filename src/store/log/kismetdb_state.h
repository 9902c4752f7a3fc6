/* What a log of norn holds besides Kismet's tables so that a later run can resume it (resume.h): how old the
 * state is, which file comes before, and the whitelist of fingerprints. All on the log's thread. */
#pragma once
#include <sqlite3.h>

#include "store/state/fingerprints.h"

#define KISMETDB_STATE_TABLES                                                                                          \
	"CREATE TABLE IF NOT EXISTS norn_state (name TEXT PRIMARY KEY, value);"                                        \
	"CREATE TABLE IF NOT EXISTS norn_fingerprints (macaddr TEXT PRIMARY KEY, beacon INT, probe INT, response "     \
	"INT);"

struct kismetdb_state;
/* Prepares its statements; NULL when they cannot be. prints may be NULL. */
struct kismetdb_state *kismetdb_state_create(sqlite3 *db, struct fingerprints *fingerprints);
void kismetdb_state_destroy(struct kismetdb_state *s);
/* Notes the server's second and the newest second of histories, and fingerprints that changed; false when that
 * fails, as of all here. */
bool kismetdb_state_write(struct kismetdb_state *s, uint32_t server_sec, uint32_t history_sec);
/* Notes the file that comes before this one, which lies at `own`; one in another folder is not noted. NULL: all that
 * it held is in this one. */
bool kismetdb_state_continues(struct kismetdb_state *s, const char *own, const char *earlier);
