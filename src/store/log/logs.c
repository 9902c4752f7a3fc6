#include "store/log/logs.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/limit.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "store/log/log_run.h"
#include "store/log/log_writer.h"

static const struct log_kind *const own_kinds[] = {&log_kismetdb, &log_pcapng, &log_ppi, &log_wiglecsv};

#define TITLE_MOST 128 /* octets */

#define D struct log_driver
static const struct field driver_rows[] = {
	FIELD(D, "kismet.logfile.type.class", log_class, "Name of the class, for log_types=."),
	FIELD(D, "kismet.logfile.type.name", name, "Name."),
	FIELD(D, "kismet.logfile.type.stream", stream, "It is written continuously."),
	FIELD(D, "kismet.logfile.type.singleton", singleton, "Only one can be open."),
	FIELD(D, "kismet.logfile.type.description", description, "What it holds."),
};
struct field_table log_driver_table = FIELD_TABLE(D, "log driver", driver_rows);

#define R struct log_record
static const struct field log_rows[] = {
	FIELD_IN(R, "kismet.log.type_driver", driver, &log_driver_table, "Class."),
	FIELD(R, "kismet.logfile.uuid", uuid, "UUID."),
	FIELD(R, "kismet.logfile.description", description, "What it holds."),
	FIELD(R, "kismet.logfile.path", path, "File."),
	FIELD(R, "kismet.logfile.template", file_template, "Template of its name."),
	FIELD(R, "kismet.logfile.open", open, "It is open.", .type = "uint8_t"),
	FIELD(R, "norn.logfile.packets", packets, "Packets written."),
	FIELD(R, "norn.logfile.files", files, "Files written so far."),
	FIELD(R, "norn.logfile.lost", lost, "Packets lost because the disk was slow, full or removed."),
	FIELD(R, "norn.logfile.waits_for", waits_for,
	      "Octets that must be free on its disk before it continues; 0: it does not wait."),
	FIELD(R, "norn.logfile.waiting", waiting, "Octets of packets that wait to be written."),
};
struct field_table log_table = FIELD_TABLE(R, "log file", log_rows);

uint32_t logs_drivers(const struct logs *l, struct log_driver *ret, uint32_t max)
{
	uint32_t n = 0;

	for (; n < l->n_kinds && n < max; n++)
		ret[n] = l->kinds[n]->driver;
	return n;
}

struct logs *logs_create(const struct log_conf *conf, const struct log_rooms *rooms)
{
	struct logs *l = xnew(struct logs, 1);

	l->conf = *conf;
	l->conf.of[LOG_CLASS_OTHER] = (struct log_class_conf){.duplicates = true, .data = true};
	l->rooms = *rooms;
	(void) pthread_mutex_init(&l->lock, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(own_kinds); i++)
		l->kinds[l->n_kinds++] = own_kinds[i];
	return l;
}

static const struct log_kind *find_kind(const struct logs *l, const char *log_class)
{
	for (uint32_t i = 0; i < l->n_kinds; i++)
		if (strcmp(l->kinds[i]->driver.log_class, log_class) == 0)
			return l->kinds[i];
	return NULL;
}

void logs_resumed(struct logs *l, const char *path, uint64_t alerts)
{
	l->conf.resumed_from = path;
	l->conf.resumed_alerts = alerts;
}

int logs_add_class(struct logs *l, const struct log_writer *writer)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	const char *log_class = writer->driver.log_class;

	if (!*log_class || log_class[strspn(log_class, letters)])
		return ERR_MALFORMED;
	if (find_kind(l, log_class))
		return ERR_EXISTS;
	if (l->n_added == LOG_WRITERS_MAX)
		return ERR_LIMIT;
	log_writer_kind(writer, &l->added[l->n_added]);
	l->kinds[l->n_kinds++] = &l->added[l->n_added++];
	return 0;
}

/* Under the lock. */
static int open_new(struct logs *l, const struct log_kind *k, const char *title, bool later, char error[256],
		    struct open_log **ret_log)
{
	struct open_log *o = xnew(struct open_log, 1);
	int r;

	o->logs = l;
	o->kind = k;
	o->record = (struct log_record){.driver = k->driver, .uuid = uuid_random(), .open = true};
	(void) snprintf(o->title, sizeof(o->title), "%s", title);
	(void) snprintf(o->record.description, sizeof(o->record.description), "%s", k->driver.description);
	(void) snprintf(o->record.file_template, sizeof(o->record.file_template), "%s", l->conf.file_template);
	r = log_run_start(o, later, error);
	if (r < 0 && !(later && r == ERR_DENIED)) {
		free(o);
		return r;
	}
	l->all[l->n++] = o;
	*ret_log = o;
	return r;
}

int logs_start(struct logs *l, const char *log_class, const char *title, bool later, struct log_record *ret_record,
	       char ret_error[256])
{
	const struct log_kind *k = find_kind(l, log_class);
	struct open_log *o = NULL;
	int r = 0;

	if (!k) {
		(void) snprintf(ret_error, 256, "There is no log class '%.32s'; /logging/drivers lists them",
				log_class);
		return ERR_NOT_FOUND;
	}
	if (title && (!*title || strchr(title, '/') || strlen(title) > TITLE_MOST)) {
		(void) snprintf(ret_error, 256, "A title has 1 to " TEXT_OF(TITLE_MOST) " octets and no '/'");
		return ERR_MALFORMED;
	}
	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n && k->driver.singleton; i++)
		if (l->all[i]->kind == k)
			r = ERR_EXISTS;
	if (r < 0 || l->n == LOGS_MAX) {
		(void) snprintf(
			ret_error, 256,
			r < 0 ? "A log of class '%s' is open already"
			      : "The limit of open logs is reached; close one before opening a log of class '%s'",
			log_class);
		r = r < 0 ? r : ERR_LIMIT;
	} else {
		r = open_new(l, k, title ? title : l->conf.title, later, ret_error, &o);
	}
	if (o)
		*ret_record = o->record;
	(void) pthread_mutex_unlock(&l->lock);
	if (r >= 0)
		log_info("Log '%s' is open", ret_record->path);
	return r;
}

static void close_log(struct logs *l, struct open_log *o)
{
	log_run_stop(o);
	feed_unlisten(l->rooms.feed, o->listener);
	log_info("Log '%s' is closed: %llu packets", o->record.path, (unsigned long long) atomic_load(&o->packets));
	free(o);
}

int logs_stop(struct logs *l, const struct uuid *uuid)
{
	struct open_log *o = NULL;

	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n; i++) {
		if (memcmp(&l->all[i]->record.uuid, uuid, sizeof(*uuid)) != 0)
			continue;
		o = l->all[i];
		l->all[i] = l->all[--l->n];
		break;
	}
	(void) pthread_mutex_unlock(&l->lock);
	if (!o)
		return ERR_NOT_FOUND;
	close_log(l, o);
	return 0;
}

void logs_destroy(struct logs *l)
{
	if (!l)
		return;
	for (uint32_t i = 0; i < l->n; i++) /* they end in parallel */
		atomic_store(&l->all[i]->stop, true);
	while (l->n)
		close_log(l, l->all[--l->n]);
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

uint32_t logs_copy(struct logs *l, struct log_record *ret, uint32_t max)
{
	uint32_t n;

	(void) pthread_mutex_lock(&l->lock);
	n = l->n < max ? l->n : max;
	for (uint32_t i = 0; i < n; i++) {
		ret[i] = l->all[i]->record;
		ret[i].open = atomic_load(&l->all[i]->is_open);
		ret[i].packets = atomic_load(&l->all[i]->packets);
		ret[i].lost = atomic_load(feed_lost(l->all[i]->listener)) + atomic_load(&l->all[i]->lost);
		ret[i].waits_for = atomic_load(&l->all[i]->waits_for);
		ret[i].waiting = feed_waiting(l->all[i]->listener);
	}
	(void) pthread_mutex_unlock(&l->lock);
	return n;
}

void logs_fill_positions(struct logs *l, const struct gps_gap *gap)
{
	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n; i++) {
		l->all[i]->gap = *gap;
		l->all[i]->has_gap = l->all[i]->kind->fill_positions;
	}
	(void) pthread_mutex_unlock(&l->lock);
}

bool logs_kismetdb(struct logs *l, char ret_path[LOG_PATH_SIZE])
{
	bool found = false;

	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n; i++) {
		if (l->all[i]->kind != &log_kismetdb || l->conf.ephemeral || !atomic_load(&l->all[i]->is_open))
			continue;
		memcpy(ret_path, l->all[i]->record.path, LOG_PATH_SIZE);
		found = true;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return found;
}
