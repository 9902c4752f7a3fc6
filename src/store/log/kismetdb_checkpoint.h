/* Moves what a kismetdb has in its write-ahead log to its main file, so that a copy of the main file alone is nearly
 * complete. The bulk is moved by a thread with a connection of its own, which does not hold the writer up; the writer
 * moves the rest and begins the write-ahead log anew. While another program has the main file open, no page of it
 * changes for half a minute, so that a copy is of one moment. On the log's thread. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define KISMETDB_CHECKPOINT_SEC 20 /* between two; with kis_log_device_rate at its default a device is there in 50 */

struct kismetdb_checkpoint;
/* For the log at `path`; NULL when no thread or connection can be made: SQLite's own checkpoints do the work then. */
struct kismetdb_checkpoint *kismetdb_checkpoint_create(const char *path);
void kismetdb_checkpoint_destroy(struct kismetdb_checkpoint *c);
/* Called by the writer between two transactions, with its connection. What cannot be moved now stays in the write-ahead
 * log, which is no failure of the log. c may be NULL. */
void kismetdb_checkpoint_see(struct kismetdb_checkpoint *c, sqlite3 *writer);
