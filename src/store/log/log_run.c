/* A log's thread: it takes blocks from its queue, has the class write them, and sees to the file. A file that cannot be
 * written any more, or was removed, is closed and reported; a new one is tried every few seconds, and what comes
 * meanwhile is counted as lost. A file that is large or old is rotated between two packets. */
#include "store/log/log_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "store/log/log_name.h"
#include "store/log/log_writer.h"

#define MB 1000000u

#define CLOSE_US 5000000 /* before the server must have ended: what is not written by then is left out */
#define WAIT_MS 100
#define SYNC_US 400000     /* between two writings to the disk */
#define FILL_SEC 2         /* from a fix until packets seen before it get its position */
#define RETRY_US 5000000   /* between two tries of a new file */
#define ROOM_BYTES 8388608 /* that must be free for one, */
#define ROOM_PARTS 4       /* or this part of a disk that is small */

static void set_path(struct open_log *o, const char *path)
{
	(void) pthread_mutex_lock(&o->logs->lock);
	(void) snprintf(o->record.path, sizeof(o->record.path), "%s", path);
	o->record.files++;
	(void) pthread_mutex_unlock(&o->logs->lock);
}

static void remove_file(const char *path)
{
	static const char *const with[] = {"", "-wal", "-shm", "-journal"};
	char name[LOG_PATH_SIZE + 16];

	for (size_t i = 0; i < ARRAY_SIZE(with); i++) {
		(void) snprintf(name, sizeof(name), "%s%s", path, with[i]);
		(void) unlink(name);
	}
}

static bool is_nameless(const struct open_log *o)
{
	return o->kind->id == LOG_CLASS_KISMET && o->logs->conf.ephemeral;
}

/* A new file under a new name; NULL with a sentence, and nothing stays. */
static void *open_file(struct open_log *o, uint32_t since_sec, char ret_path[LOG_PATH_SIZE], char error[256])
{
	const struct log_conf *c = &o->logs->conf;
	void *file;

	if (!log_name(c, o->title, o->kind->suffix, ret_path)) {
		(void) snprintf(error, 256, "No file name is free in '%.128s', or the folder cannot be reached",
				c->prefix);
		return NULL;
	}
	if (o->kind->writer)
		file = log_writer_open(o->kind->writer, ret_path, error);
	else
		file = o->kind->open(ret_path, since_sec, c, &o->logs->rooms, error);
	if ((!file && access(ret_path, F_OK) == 0) || (file && is_nameless(o)))
		remove_file(ret_path);
	return file;
}

/* Room on the disk of a log, in octets. */
struct room {
	uint64_t free, needed; /* needed: for a new file */
};

static struct room room_of(const char *path)
{
	char folder[LOG_PATH_SIZE];
	struct room r = {UINT64_MAX, 0};
	struct statvfs v;
	char *slash;

	(void) snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[1] = '\0';
	else
		(void) snprintf(folder, sizeof(folder), ".");
	if (statvfs(folder, &v) != 0)
		return r;
	r.free = (uint64_t) v.f_bavail * v.f_frsize;
	r.needed = (uint64_t) v.f_blocks * v.f_frsize / ROOM_PARTS;
	if (r.needed > ROOM_BYTES)
		r.needed = ROOM_BYTES;
	return r;
}

/* Notes whether the log waits for room, and writes how much; "" when it waits for none. */
static void note_room(struct open_log *o, char ret_words[128])
{
	struct room r = room_of(o->record.path);
	bool waits = r.free < r.needed;

	atomic_store(&o->waits_for, waits ? r.needed : 0);
	*ret_words = '\0';
	if (waits)
		(void) snprintf(ret_words, 128, "; it waits until %.1f MB are free on the disk (now %.1f MB)",
				(double) r.needed / 1e6, (double) r.free / 1e6);
}

static void try_later(struct open_log *o)
{
	o->retry_us = clock_monotonic_us() + RETRY_US;
}

/* Closes what cannot be written any more. */
static void give_up(struct open_log *o, const char *why)
{
	char room[128];

	o->kind->close(TAKE(o->file), false);
	note_room(o, room);
	log_write(LOG_LEVEL_ERROR, "Writing to the log '%s' failed: %s. A new file is tried every %d seconds%s",
		  o->record.path, why, RETRY_US / 1000000, room);
	alerts_format(o->logs->rooms.alerts, "LOGFAILED", "Writing to the log '%.200s' failed: %s%s", o->record.path,
		      why, room);
	atomic_store(&o->is_open, false);
	try_later(o);
}

static void try_again(struct open_log *o, uint32_t now)
{
	char path[LOG_PATH_SIZE], error[256], room[128];
	bool waited = atomic_load(&o->waits_for);

	if (clock_monotonic_us() < o->retry_us)
		return;
	try_later(o);
	note_room(o, room);
	if (*room && !waited)
		log_warning("The log '%s' cannot continue%s", o->record.path, room);
	if (*room)
		return;
	o->file = open_file(o, 0, path, error);
	if (!o->file)
		return;
	o->opened_sec = now;
	atomic_store(&o->is_open, true);
	if (o->kind->continues && o->record.files == 0 && o->logs->conf.resumed_from)
		o->kind->continues(o->file, o->logs->conf.resumed_from);
	log_info("Logging continues in '%s'; %llu packets were lost", path, (unsigned long long) atomic_load(&o->lost));
	set_path(o, path);
}

static void keep_within(struct open_log *o)
{
	const struct log_conf *c = &o->logs->conf;

	while (o->n_past && ((c->keep && o->n_past >= c->keep) ||
			     (c->rotate_free_mb && room_of(o->record.path).free < c->rotate_free_mb * MB))) {
		log_info("The log '%s' was removed to make room for newer ones (kis_log_keep, kis_log_rotate_free_mb)",
			 o->past[0]);
		remove_file(o->past[0]);
		free(o->past[0]);
		memmove(o->past, o->past + 1, --o->n_past * sizeof(*o->past));
	}
}

/* Begins the next file before this one is closed; both belong to this thread, so no packet is between. */
static void rotate(struct open_log *o, uint32_t now)
{
	char path[LOG_PATH_SIZE], error[256];
	void *next = open_file(o, now, path, error);

	o->opened_sec = now;
	if (!next) {
		log_warning("The log '%s' cannot be rotated: %s", o->record.path, error);
		return;
	}
	if (o->kind->continues)
		o->kind->continues(next, o->record.path);
	o->kind->close(o->file, true);
	o->file = next;
	if (o->n_past < LOG_PAST_MAX) {
		xgrow(o->past, o->n_past + 1);
		o->past[o->n_past++] = xstrdup(o->record.path);
	}
	set_path(o, path);
	log_info("The log continues in '%s'", path);
}

/* Largest size of a file of that class; 0: no limit. */
static uint64_t bytes_at_most(const struct log_conf *c, enum log_class id)
{
	return (id == LOG_CLASS_PCAPNG && c->pcapng_max_mb ? c->pcapng_max_mb : c->rotate_mb) * MB;
}

static bool is_due(const struct open_log *o, uint32_t now)
{
	const struct log_conf *c = &o->logs->conf;
	uint64_t most = bytes_at_most(c, o->kind->id);

	return (most && o->kind->bytes(o->file) >= most) ||
	       (c->rotate_minutes && now - o->opened_sec >= c->rotate_minutes * 60);
}

/* Once what was seen without a position has been written. */
static void fill_positions(struct open_log *o, uint32_t now)
{
	struct gps_gap gap = {0};
	bool due;

	(void) pthread_mutex_lock(&o->logs->lock);
	due = o->has_gap && now >= o->gap.to_us / 1000000 + FILL_SEC;
	if (due) {
		gap = o->gap;
		o->has_gap = false;
	}
	(void) pthread_mutex_unlock(&o->logs->lock);
	if (due && !o->kind->fill_positions(o->file, &gap))
		give_up(o, "its disk is full or broken");
}

/* Once a second. */
static void look_after(struct open_log *o, uint32_t now)
{
	if (now < o->opened_sec) /* the clock was set back */
		o->opened_sec = now;
	if (!o->file)
		try_again(o, now);
	if (o->file && !is_nameless(o) && access(o->record.path, F_OK) != 0)
		give_up(o, "it was removed by another program");
	if (o->file && !o->kind->tick(o->file, now))
		give_up(o, "its disk is full or broken");
	if (o->file)
		fill_positions(o, now);
	if (o->file && is_due(o, now))
		rotate(o, now);
	keep_within(o);
}

static void write_packet(struct open_log *o, const struct packet_summary *s, const uint8_t *data)
{
	const struct log_class_conf *c = &o->logs->conf.of[o->kind->id];
	struct packet_summary empty;

	if ((s->duplicate && !c->duplicates) || (s->is_data && !c->data))
		return;
	if (s->duplicate && c->truncate) {
		empty = *s;
		empty.captured = 0;
		s = &empty;
	}
	switch (o->file ? o->kind->packet(o->file, s, data) : LOG_FAILED) {
	case LOG_WRITTEN: (void) atomic_fetch_add(&o->packets, 1); break;
	case LOG_LEFT_OUT: break;
	case LOG_FAILED:
		(void) atomic_fetch_add(&o->lost, 1);
		if (o->file)
			give_up(o, "its disk is full or broken");
	}
}

static void write_block(struct open_log *o, struct packet_block *b)
{
	const struct packet_summary *s;
	const uint8_t *data;
	uint32_t at = 0;

	while ((s = packet_block_next(b, &at, &data)) != NULL)
		write_packet(o, s, data);
	packet_block_release(b);
}

static void leave_out(struct open_log *o, struct packet_block *b)
{
	const uint8_t *data;
	uint32_t at = 0;

	while (packet_block_next(b, &at, &data))
		(void) atomic_fetch_add(&o->lost, 1);
	packet_block_release(b);
}

static void *run(void *arg)
{
	struct open_log *o = arg;
	uint32_t ticked = clock_server_sec();
	uint64_t synced = clock_monotonic_us();
	struct packet_block *b;

	(void) pthread_setname_np(pthread_self(), "log");
	while (!atomic_load(&o->stop)) {
		uint32_t now = clock_server_sec();

		feed_flush(o->logs->rooms.feed, false);
		if ((b = feed_take(o->listener)) != NULL)
			write_block(o, b);
		else
			feed_wait(o->listener, WAIT_MS);
		if (o->file && clock_monotonic_us() - synced >= SYNC_US) {
			if (!o->kind->sync(o->file))
				give_up(o, "its disk is full or broken");
			synced = clock_monotonic_us();
		}
		if (now != ticked)
			look_after(o, now);
		ticked = now;
	}
	feed_flush(o->logs->rooms.feed, true);
	while ((b = feed_take(o->listener)) != NULL) {
		if (stop_left_us() > CLOSE_US)
			write_block(o, b);
		else
			leave_out(o, b);
	}
	if (o->file)
		o->kind->close(o->file, true);
	return NULL;
}

/* The kismetdb of the earlier run, to continue in; NULL when that is not configured or, reported, not possible. */
static void *open_resumed(struct open_log *o, char ret_path[LOG_PATH_SIZE])
{
	const struct log_conf *c = &o->logs->conf;
	char error[256];
	void *file;

	if (o->kind->id != LOG_CLASS_KISMET || c->resume_log != LOG_RESUME_SAME || !c->resumed_from || o->logs->went_on)
		return NULL;
	o->logs->went_on = true;
	file = o->kind->open(c->resumed_from, 0, c, &o->logs->rooms, error);
	if (file)
		(void) snprintf(ret_path, LOG_PATH_SIZE, "%s", c->resumed_from);
	else
		log_warning("The log does not continue in the same file: %s", error);
	return file;
}

int log_run_start(struct open_log *o, bool later, char ret_error[256])
{
	const struct log_conf *c = &o->logs->conf;
	char path[LOG_PATH_SIZE] = "";
	bool opened;

	o->opened_sec = clock_server_sec();
	o->file = open_resumed(o, path);
	if (!o->file && (o->file = open_file(o, 0, path, ret_error)) != NULL && o->kind->continues && c->resumed_from)
		o->kind->continues(o->file, c->resumed_from);
	if (!o->file && !later)
		return ERR_DENIED;
	try_later(o);
	opened = o->file != NULL; /* the file is the thread's from its start */
	atomic_store(&o->is_open, opened);
	(void) snprintf(o->record.path, sizeof(o->record.path), "%s", path);
	o->record.files = opened;
	o->listener = feed_listen(o->logs->rooms.feed, true, limit_of(LIMIT_LOG_QUEUE));
	if (o->listener && pthread_create(&o->thread, NULL, run, o) == 0)
		return opened ? 0 : ERR_DENIED;
	if (o->listener)
		feed_unlisten(o->logs->rooms.feed, o->listener);
	(void) snprintf(ret_error, 256, "there are too many logs and streams");
	if (o->file)
		o->kind->close(o->file, false);
	if (o->file && !(c->resumed_from && strcmp(path, c->resumed_from) == 0))
		remove_file(path);
	return ERR_LIMIT;
}

void log_run_stop(struct open_log *o)
{
	atomic_store(&o->stop, true);
	(void) pthread_join(o->thread, NULL);
	for (uint32_t i = 0; i < o->n_past; i++)
		free(o->past[i]);
	free(o->past);
}
