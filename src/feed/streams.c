#include "feed/streams.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define R struct stream_record
static const struct field stream_rows[] = {
	FIELD(R, "kismet.stream.stream_id", id, "Number of the stream."),
	FIELD(R, "kismet.stream.time", start_sec, "Server second of its start."),
	FIELD(R, "kismet.stream.name", name, "Name."),
	FIELD(R, "kismet.stream.type", type, "Format."),
	FIELD(R, "kismet.stream.path", path, "Client or file."),
	FIELD(R, "kismet.stream.description", description, "What it carries."),
	FIELD(R, "kismet.stream.packets", packets, "Packets sent."),
	FIELD(R, "kismet.stream.size", bytes, "Octets sent."),
	FIELD(R, "kismet.stream.max_packets", max_packets, "Most packets; 0: no limit."),
	FIELD(R, "kismet.stream.max_size", max_bytes, "Most octets; 0: no limit."),
	FIELD(R, "kismet.stream.paused", paused, "It is paused.", .type = "uint8_t"),
	FIELD(R, "norn.stream.lost", lost, "Packets that it lost because its reader was slow."),
};
struct field_table stream_table = FIELD_TABLE(R, "stream", stream_rows);

struct streams {
	pthread_mutex_t lock;
	struct stream_record all[STREAMS_MAX];
	bool closing[STREAMS_MAX];
	const _Atomic uint64_t *lost[STREAMS_MAX];
	uint64_t next;
};

struct streams *streams_create(void)
{
	struct streams *s = xnew(struct streams, 1);

	(void) pthread_mutex_init(&s->lock, NULL);
	return s;
}

void streams_destroy(struct streams *s)
{
	if (!s)
		return;
	(void) pthread_mutex_destroy(&s->lock);
	free(s);
}

/* The slot of a stream, a free one for 0; STREAMS_MAX when there is none. */
static size_t find(const struct streams *s, uint64_t id)
{
	size_t i = 0;

	while (i < STREAMS_MAX && s->all[i].id != id)
		i++;
	return i;
}

uint64_t streams_add(struct streams *s, const char *name, const char *type, const char *path, const char *description,
		     const _Atomic uint64_t *lost)
{
	uint64_t id = 0;
	size_t i;

	(void) pthread_mutex_lock(&s->lock);
	i = find(s, 0);
	if (i < STREAMS_MAX) {
		struct stream_record *r = &s->all[i];

		id = ++s->next;
		*r = (struct stream_record){.id = id, .start_sec = clock_server_sec()};
		(void) snprintf(r->name, sizeof(r->name), "%s", name);
		(void) snprintf(r->type, sizeof(r->type), "%s", type);
		(void) snprintf(r->path, sizeof(r->path), "%s", path);
		(void) snprintf(r->description, sizeof(r->description), "%s", description);
		s->closing[i] = false;
		s->lost[i] = lost;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return id;
}

void streams_remove(struct streams *s, uint64_t id)
{
	size_t i;

	(void) pthread_mutex_lock(&s->lock);
	i = find(s, id);
	if (id && i < STREAMS_MAX)
		s->all[i].id = 0;
	(void) pthread_mutex_unlock(&s->lock);
}

bool streams_update(struct streams *s, uint64_t id, uint64_t packets, uint64_t bytes)
{
	bool go_on = false;
	size_t i;

	(void) pthread_mutex_lock(&s->lock);
	i = find(s, id);
	if (id && i < STREAMS_MAX) {
		s->all[i].packets = packets;
		s->all[i].bytes = bytes;
		go_on = !s->closing[i];
	}
	(void) pthread_mutex_unlock(&s->lock);
	return go_on;
}

bool streams_closing(struct streams *s, uint64_t id)
{
	bool closing;
	size_t i;

	(void) pthread_mutex_lock(&s->lock);
	i = find(s, id);
	closing = i == STREAMS_MAX || s->closing[i];
	(void) pthread_mutex_unlock(&s->lock);
	return closing;
}

bool streams_close(struct streams *s, uint64_t id)
{
	size_t i;

	(void) pthread_mutex_lock(&s->lock);
	i = id ? find(s, id) : STREAMS_MAX;
	if (i < STREAMS_MAX)
		s->closing[i] = true;
	(void) pthread_mutex_unlock(&s->lock);
	return i < STREAMS_MAX;
}

uint32_t streams_copy(struct streams *s, struct stream_record *ret, uint32_t max)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < STREAMS_MAX && n < max; i++) {
		if (!s->all[i].id)
			continue;
		ret[n] = s->all[i];
		ret[n++].lost = atomic_load(s->lost[i]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}
