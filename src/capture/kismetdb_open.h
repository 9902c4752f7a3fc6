/* Opening a kismetdb log to read it, wherever it lies: beside its writer, on a read-only medium, copied as a set with
 * its -wal, or the main file alone. The file is untrusted: no code of its schema is run. */
#pragma once
#include <sqlite3.h>

enum kismetdb_wal {
	KISMETDB_WAL_NONE,   /* the log was closed: its main file holds everything */
	KISMETDB_WAL_THERE,  /* what is not in the main file is read from the -wal */
	KISMETDB_WAL_MISSING /* a writer had the log open, and its -wal is not beside it: the latest rows are lost */
};

/* Opens it read-only, with no file made beside it where that can be avoided; cells longer than cell_max octets are not
 * read. The result of SQLite; *ret_db is set whatever it is, and is the caller's to close. Any thread. */
int kismetdb_open(const char *path, int cell_max, sqlite3 **ret_db, enum kismetdb_wal *ret_wal);
