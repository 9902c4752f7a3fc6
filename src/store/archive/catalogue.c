#include "store/archive/catalogue.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/owned_file.h"
#include "base/path.h"
#include "store/archive/catalogue_file.h"

#define PERIOD_SEC 30
#define SUFFIX ".kismet"

struct logs {
	struct archived_log *items;
	size_t n;
};

struct catalogue {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake, looked;
	bool ending, wanted;
	uint64_t looks; /* begun; those that ended are one less while one is made */
	uint64_t ended;
	struct logs logs; /* by path; under the lock */
	struct string_list folders;
	char *file; /* NULL: it is kept nowhere */
};

/* What has no span is the log that is being written: the latest. */
static int by_time(const void *pa, const void *pb)
{
	const struct archived_log *a = pa, *b = pb;

	if (a->first_us != b->first_us)
		return a->first_us - 1 < b->first_us - 1 ? -1 : 1;
	return strcmp(a->path, b->path);
}

static bool is_same(const struct archived_stamp *a, const struct archived_stamp *b)
{
	return a->inode == b->inode && a->octets == b->octets && a->changed_ns == b->changed_ns;
}

static bool is_ending(struct catalogue *c)
{
	bool ending;

	(void) pthread_mutex_lock(&c->lock);
	ending = c->ending;
	(void) pthread_mutex_unlock(&c->lock);
	return ending;
}

static void report(const struct archived_log *log)
{
	if (log->damaged)
		log_warning("The archive passes over '%.256s': %s", log->path, log->damage);
}

/* What is known of it, or what it says: into the next slot. The log that this server writes is not read: its span is
 * open. */
static bool look_at(const struct logs *known, const char *path, struct logs *all)
{
	const struct archived_log *old = archived_log_find(known->items, known->n, path);
	struct archived_log log = {0};

	if (!archived_stamp(path, &log.stamp))
		return true;
	if (owned_file_at(path))
		(void) snprintf(log.path, sizeof(log.path), "%s", path);
	else if (old && is_same(&old->stamp, &log.stamp))
		log = *old;
	else if (!archived_log_read(path, &log))
		return false;
	else
		report(&log);
	xgrow(all->items, all->n + 1);
	all->items[all->n++] = log;
	return true;
}

static bool is_log(const char *name)
{
	size_t n = strlen(name);

	return n > strlen(SUFFIX) && strcmp(name + n - strlen(SUFFIX), SUFFIX) == 0;
}

/* False when it was ended meanwhile. */
static bool look_into(struct catalogue *c, const struct logs *known, const char *folder, struct logs *all)
{
	DIR *dir = opendir(*folder ? folder : ".");
	const struct dirent *e;
	bool whole = true;

	while (whole && dir && (e = readdir(dir))) {
		char path[ARCHIVE_PATH_SIZE];

		if (!is_log(e->d_name) || !path_join(path, sizeof(path), folder, e->d_name))
			continue;
		if (limit_full(LIMIT_ARCHIVE, all->n))
			break;
		whole = !is_ending(c) && look_at(known, path, all);
	}
	if (dir)
		(void) closedir(dir);
	return whole;
}

static void look(struct catalogue *c)
{
	struct logs all = {0}, known = c->logs; /* no other thread changes it */
	bool whole = true;

	for (size_t i = 0; whole && i < c->folders.n; i++)
		whole = look_into(c, &known, c->folders.items[i], &all);
	if (!whole) {
		free(all.items);
		return;
	}
	if (all.n)
		qsort(all.items, all.n, sizeof(*all.items), archived_log_by_path);
	if (c->file)
		catalogue_file_save(c->file, known.items, known.n, all.items, all.n);
	(void) pthread_mutex_lock(&c->lock);
	c->logs = all;
	(void) pthread_mutex_unlock(&c->lock);
	free(known.items);
}

static void wait_for_turn(struct catalogue *c)
{
	struct timespec until;

	(void) clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PERIOD_SEC;
	while (!c->ending && !c->wanted && pthread_cond_timedwait(&c->wake, &c->lock, &until) == 0)
		;
	c->wanted = false;
}

static void *run(void *arg)
{
	struct catalogue *c = arg;

	(void) pthread_setname_np(pthread_self(), "catalogue");
	(void) pthread_mutex_lock(&c->lock);
	while (!c->ending) {
		c->looks++;
		(void) pthread_mutex_unlock(&c->lock);
		look(c);
		(void) pthread_mutex_lock(&c->lock);
		c->ended = c->looks;
		(void) pthread_cond_broadcast(&c->looked);
		wait_for_turn(c);
	}
	(void) pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* As one name, so that no log is there twice. */
static void add_folder(struct string_list *all, const char *folder)
{
	char *name = realpath(*folder ? folder : ".", NULL);

	if (!name)
		name = xstrdup(folder); /* it may come */
	if (string_list_has(all, name)) {
		free(name);
		return;
	}
	xgrow(all->items, all->n + 1);
	all->items[all->n++] = name;
}

struct catalogue *catalogue_create(const char *file, const char *folder, const struct archive_conf *conf)
{
	struct catalogue *c = xnew(struct catalogue, 1);
	pthread_condattr_t monotonic;

	add_folder(&c->folders, folder);
	for (size_t i = 0; i < conf->folders.n; i++)
		add_folder(&c->folders, conf->folders.items[i]);
	if (file) {
		c->file = xstrdup(file);
		c->logs.n = catalogue_file_load(file, &c->logs.items);
	}
	(void) pthread_condattr_init(&monotonic);
	(void) pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void) pthread_mutex_init(&c->lock, NULL);
	(void) pthread_cond_init(&c->wake, &monotonic);
	(void) pthread_cond_init(&c->looked, &monotonic);
	(void) pthread_condattr_destroy(&monotonic);
	if (pthread_create(&c->thread, NULL, run, c) == 0)
		return c;
	log_warning("No thread looks for logs of the archive: only what is known of it is searched");
	c->ending = true;
	return c;
}

void catalogue_destroy(struct catalogue *c)
{
	bool runs;

	if (!c)
		return;
	(void) pthread_mutex_lock(&c->lock);
	runs = !c->ending;
	c->ending = true;
	(void) pthread_cond_signal(&c->wake);
	(void) pthread_mutex_unlock(&c->lock);
	if (runs)
		(void) pthread_join(c->thread, NULL);
	(void) pthread_cond_destroy(&c->wake);
	(void) pthread_cond_destroy(&c->looked);
	(void) pthread_mutex_destroy(&c->lock);
	for (size_t i = 0; i < c->folders.n; i++)
		free(c->folders.items[i]);
	free(c->folders.items);
	free(c->logs.items);
	free(c->file);
	free(c);
}

size_t catalogue_find(struct catalogue *c, uint64_t from_us, uint64_t to_us, struct archived_log **ret)
{
	size_t n = 0;

	(void) pthread_mutex_lock(&c->lock);
	*ret = xnew(struct archived_log, c->logs.n ? c->logs.n : 1);
	for (size_t i = 0; i < c->logs.n; i++) {
		const struct archived_log *log = &c->logs.items[i];

		if (!log->first_us || (log->first_us <= to_us && log->last_us >= from_us))
			(*ret)[n++] = *log;
	}
	(void) pthread_mutex_unlock(&c->lock);
	qsort(*ret, n, sizeof(**ret), by_time);
	return n;
}

bool catalogue_refresh(struct catalogue *c, uint64_t timeout_us)
{
	struct timespec until;
	uint64_t wanted;
	int r = 0;

	(void) clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t) (timeout_us / 1000000);
	(void) pthread_mutex_lock(&c->lock);
	wanted = c->looks + 1; /* one that has begun may have passed the folder already */
	c->wanted = true;
	(void) pthread_cond_signal(&c->wake);
	while (c->ended < wanted && !c->ending && r == 0)
		r = pthread_cond_timedwait(&c->looked, &c->lock, &until);
	(void) pthread_mutex_unlock(&c->lock);
	return r == 0;
}
