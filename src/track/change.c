#include "track/change.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "track/annotations.h"
#include "track/model.h"
#include "track/sighting_open.h"

struct annotations *tracker_annotations(struct tracker *t)
{
	return t->annotations;
}

int tracker_set_name(struct tracker *t, const struct key *key, const char *name, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		free(d->username);
		d->username = name && *name ? xstrdup(name) : NULL;
		shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return d ? annotations_set_name(t->annotations, key, name) : ERR_NOT_FOUND;
}

int tracker_set_tag(struct tracker *t, const struct key *key, const char *tag, const char *value, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;
	int r = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		r = device_set_tag(d, tag, value);
		shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return r < 0 ? r : annotations_set_tag(t->annotations, key, tag, value);
}

int tracker_count_alert(struct tracker *t, const struct key *key, uint16_t source, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		d->num_alerts++;
		sighting_alert(s, d, source);
		if (server_sec)
			shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return d ? 0 : ERR_NOT_FOUND;
}
