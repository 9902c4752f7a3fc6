#include "capture/registry.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "capture/pending.h"
#include "capture/private.h"
#include "capture/source_state.h"

#define REMOVED_MAX 1024 /* such sources at a time */

struct registry *capture_create(const struct capture_conf *defaults, struct packet_sink sink)
{
	struct registry *r = xnew(struct registry, 1);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	r->sink = sink;
	r->defaults = *defaults;
	r->defaults.hop_rate = capture_hop_rate(or_empty(defaults->hop_speed));
	(void) pthread_mutex_init(&r->control, NULL);
	r->cores = cores > 0 ? (uint32_t) cores : 1;
	(void) pthread_mutex_init(&r->lock, NULL);
	(void) pthread_cond_init(&r->changed, NULL);
	return r;
}

const struct capture_conf *capture_defaults(const struct registry *r)
{
	return &r->defaults;
}

struct loop *registry_loop(struct registry *r)
{
	uint32_t at = r->next_loop++ % CAPTURE_LOOPS;

	if (!r->loops[at] && loop_start("capture", &r->loops[at]) < 0)
		r->loops[at] = NULL;
	return r->loops[at];
}

struct source *registry_find(struct registry *r, const struct uuid *uuid)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (memcmp(&r->sources[i]->record.uuid, uuid, sizeof(*uuid)) == 0)
			return r->sources[i];
	return NULL;
}

void registry_retire(struct registry *r, struct source *s)
{
	s->retry_us = 0;
	s->removed_us = clock_monotonic_us();
	s->next_removed = r->removed;
	r->removed = s;
	r->n_removed++;
}

void registry_release(struct source *s)
{
	(void) pthread_mutex_lock(&s->registry->lock);
	s->claims--;
	(void) pthread_mutex_unlock(&s->registry->lock);
}

/* The source of a sensor that never delivered and has disconnected; of that address, or NULL: of any. Under the lock.
 */
static struct source *find_idle(const struct registry *r, const char *address)
{
	if (r->n_removed >= REMOVED_MAX)
		return NULL;
	for (uint32_t i = 0; i < r->count; i++) {
		struct source *s = r->sources[i];
		const struct source_record *rec = &s->record;

		if (s->live && rec->remote && !rec->running && !s->linked && s->claims == 0 && rec->packets == 0 &&
		    (!address || strcmp(rec->remote_ip, address) == 0))
			return s;
	}
	return NULL;
}

static uint64_t sensors_of(const struct registry *r, const char *address)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < r->count; i++)
		n += r->sources[i]->live && r->sources[i]->record.remote &&
		     strcmp(r->sources[i]->record.remote_ip, address) == 0;
	return n;
}

/* Where in the list it goes: behind the last, or where another makes way. Negative with a sentence. Under the lock. */
static int find_slot(struct registry *r, const struct source *s, char error[SOURCE_TEXT_SIZE])
{
	const struct source_record *rec = &s->record;
	bool sensor = s->live && rec->remote, bounded;
	const struct source *idle;

	bounded = sensor && sensors_of(r, rec->remote_ip) >= limit_of(LIMIT_SENSORS);
	if (!bounded && r->count < SOURCES_MAX)
		return (int) r->count;
	idle = find_idle(r, bounded ? rec->remote_ip : NULL);
	if (idle)
		return (int) idle->record.number;
	if (bounded)
		limit_hit(LIMIT_SENSORS);
	(void) snprintf(
		error, SOURCE_TEXT_SIZE,
		bounded ? "sensors of its address have %llu sources already; norn_max_address_sensors= allows more"
			: "There are %llu sources already",
		bounded ? (unsigned long long) limit_of(LIMIT_SENSORS) : (unsigned long long) SOURCES_MAX);
	return ERR_LIMIT;
}

int registry_enlist(struct registry *r, struct source *s, const char *failure, char error[SOURCE_TEXT_SIZE])
{
	int number = ERR_EXISTS;

	(void) pthread_mutex_lock(&r->lock);
	if (registry_find(r, &s->record.uuid))
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is already a source '%.256s' with that definition or uuid", s->record.name);
	else
		number = find_slot(r, s, error);
	if (number >= 0) {
		if ((uint32_t) number < r->count)
			registry_retire(r, r->sources[number]);
		else
			r->count++;
		s->record.number = (uint64_t) number;
		r->sources[number] = s;
		if (failure)
			(void) source_fail(s, failure);
		registry_start_pending(r);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return number;
}

static void copy_history(const struct history *from, struct source_history *to)
{
	to->h = *from;
	if (to->h.kept.n > sizeof(to->kept))
		to->h.kept.n = 0;
	if (to->h.kept.n)
		memcpy(to->kept, from->kept.p, to->h.kept.n);
	to->h.kept.p = NULL; /* set where it is shown, since records are copied */
}

/* Under the lock. */
static void copy_record(const struct source *s, struct source_record *ret)
{
	*ret = s->record;
	copy_history(&s->packets_history, &ret->packets_history);
	copy_history(&s->octets_history, &ret->octets_history);
}

bool capture_snapshot(struct registry *r, uint32_t slot, struct source_record *ret_record)
{
	bool have;

	(void) pthread_mutex_lock(&r->lock);
	have = slot < r->count;
	if (have)
		copy_record(r->sources[slot], ret_record);
	(void) pthread_mutex_unlock(&r->lock);
	return have;
}

bool capture_find(struct registry *r, const struct uuid *uuid, struct source_record *ret_record)
{
	for (uint32_t i = 0; capture_snapshot(r, i, ret_record); i++)
		if (memcmp(&ret_record->uuid, uuid, sizeof(*uuid)) == 0)
			return true;
	return false;
}

bool capture_uuid(struct registry *r, uint16_t number, struct uuid *ret_uuid)
{
	bool have;

	(void) pthread_mutex_lock(&r->lock);
	have = number < r->count;
	if (have)
		*ret_uuid = r->sources[number]->record.uuid;
	(void) pthread_mutex_unlock(&r->lock);
	return have;
}

void capture_names(struct registry *r, const struct uuid *uuid, char *ret_name, char *ret_interface, char *ret_hardware,
		   size_t size)
{
	const struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	if (s) {
		(void) snprintf(ret_name, size, "%s", s->record.name);
		(void) snprintf(ret_interface, size, "%s", s->record.interface);
		(void) snprintf(ret_hardware, size, "%s", s->record.hardware);
	}
	(void) pthread_mutex_unlock(&r->lock);
}

int capture_pause(struct registry *r, const struct uuid *uuid, bool paused)
{
	struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	if (s)
		s->paused = s->record.paused = paused;
	(void) pthread_mutex_unlock(&r->lock);
	return s ? 0 : ERR_NOT_FOUND;
}
