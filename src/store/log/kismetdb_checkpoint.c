#include "store/log/kismetdb_checkpoint.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "store/log/file_readers.h"

#define PERIOD_US (KISMETDB_CHECKPOINT_SEC * UINT64_C(1000000))
#define LOOK_US 1000000           /* between two looks at how large the write-ahead log is */
#define WAL_BYTES_LEAST (1 << 20) /* a checkpoint is due at an eighth of the free space, within these */
#define WAL_BYTES_MOST (64 << 20)
#define FREE_PARTS 8
#define FRAMES_FEW 1024 /* that the writer may move itself */
#define ROUNDS 4        /* of the thread, so that few are left */
#define HOLD_US                                                                                                        \
	30000000 /* no page changes for this long after another program opened the main file, so that it can copy it   \
		  */

enum state { IDLE, WANTED, MOVED, ENDING };

struct kismetdb_checkpoint {
	sqlite3 *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	enum state state; /* under the lock, as readers */
	struct file_readers *readers;
	char *path, *wal;
	uint64_t done_us, looked_us; /* monotonic; the writer's */
};

static bool is_read(struct kismetdb_checkpoint *c)
{
	bool there;

	(void) pthread_mutex_lock(&c->lock);
	there = file_readers_there(c->readers, HOLD_US);
	(void) pthread_mutex_unlock(&c->lock);
	return there;
}

/* Repeats until little was added meanwhile. */
static void move(struct kismetdb_checkpoint *c)
{
	int before = 0, frames = 0, moved = 0;

	for (int i = 0; i < ROUNDS && (i == 0 || !is_read(c)); i++) {
		if (sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) != SQLITE_OK ||
		    moved < frames || frames - before < FRAMES_FEW)
			return;
		before = frames;
	}
}

static void *run(void *arg)
{
	struct kismetdb_checkpoint *c = arg;

	(void) pthread_setname_np(pthread_self(), "checkpoint");
	(void) pthread_mutex_lock(&c->lock);
	while (c->state != ENDING) {
		if (c->state != WANTED) {
			(void) pthread_cond_wait(&c->wake, &c->lock);
			continue;
		}
		(void) pthread_mutex_unlock(&c->lock);
		move(c);
		(void) pthread_mutex_lock(&c->lock);
		if (c->state == WANTED)
			c->state = MOVED;
	}
	(void) pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* The connections are open: from now on opens are others'. */
static bool begin(struct kismetdb_checkpoint *c)
{
	c->readers = file_readers_create(c->path);
	return pthread_create(&c->thread, NULL, run, c) == 0;
}

struct kismetdb_checkpoint *kismetdb_checkpoint_create(const char *path)
{
	struct kismetdb_checkpoint *c = xnew(struct kismetdb_checkpoint, 1);
	struct buf wal = {0};

	buf_printf(&wal, "%s-wal", path);
	c->path = xstrdup(path);
	c->wal = xstrdup(buf_text(&wal));
	c->done_us = clock_monotonic_us();
	buf_finish(&wal);
	(void) pthread_mutex_init(&c->lock, NULL);
	(void) pthread_cond_init(&c->wake, NULL);
	if (sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
	    sqlite3_exec(c->db, "PRAGMA synchronous=NORMAL; SELECT 1 FROM KISMET", NULL, NULL, NULL) == SQLITE_OK &&
	    begin(c))
		return c;
	file_readers_destroy(c->readers);
	(void) sqlite3_close_v2(c->db);
	free(c->path);
	free(c->wal);
	free(c);
	return NULL;
}

/* Puts `to` for `from`; what it was. */
static enum state swap_state(struct kismetdb_checkpoint *c, enum state from, enum state to)
{
	enum state was;

	(void) pthread_mutex_lock(&c->lock);
	was = c->state;
	if (was == from)
		c->state = to;
	(void) pthread_cond_signal(&c->wake);
	(void) pthread_mutex_unlock(&c->lock);
	return was;
}

void kismetdb_checkpoint_destroy(struct kismetdb_checkpoint *c)
{
	if (!c)
		return;
	(void) pthread_mutex_lock(&c->lock);
	c->state = ENDING;
	(void) pthread_cond_signal(&c->wake);
	(void) pthread_mutex_unlock(&c->lock);
	if (stop_begun())
		sqlite3_interrupt(c->db);
	(void) pthread_join(c->thread, NULL);
	(void) pthread_cond_destroy(&c->wake);
	(void) pthread_mutex_destroy(&c->lock);
	file_readers_destroy(c->readers);
	(void) sqlite3_close_v2(c->db);
	free(c->path);
	free(c->wal);
	free(c);
}

static bool is_large(const struct kismetdb_checkpoint *c)
{
	uint64_t most = WAL_BYTES_MOST;
	struct statvfs v;
	struct stat st;

	if (statvfs(c->path, &v) == 0 && (uint64_t) v.f_bavail * v.f_frsize / FREE_PARTS < most)
		most = (uint64_t) v.f_bavail * v.f_frsize / FREE_PARTS;
	if (most < WAL_BYTES_LEAST)
		most = WAL_BYTES_LEAST;
	return stat(c->wal, &st) == 0 && (uint64_t) st.st_size >= most;
}

static bool is_due(struct kismetdb_checkpoint *c, uint64_t now_us)
{
	if (now_us - c->done_us >= PERIOD_US)
		return true;
	if (now_us - c->looked_us < LOOK_US)
		return false;
	c->looked_us = now_us;
	return is_large(c);
}

void kismetdb_checkpoint_see(struct kismetdb_checkpoint *c, sqlite3 *writer)
{
	uint64_t now_us = clock_monotonic_us();

	if (!c || is_read(c))
		return;
	if (is_due(c, now_us))
		(void) swap_state(c, IDLE, WANTED);
	if (swap_state(c, MOVED, IDLE) != MOVED)
		return;
	(void) sqlite3_wal_checkpoint_v2(writer, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	c->done_us = now_us;
}
