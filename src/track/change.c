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
	struct shard *s;
	uint32_t slot;
	struct device *d = lock_known(t, key, &s, &slot);

	if (!d)
		return ERR_NOT_FOUND;
	free(d->username);
	d->username = name && *name ? xstrdup(name) : NULL;
	shard_touch(s, slot, server_sec, s->views[slot]);
	(void) pthread_mutex_unlock(&s->lock);
	return annotations_set_name(t->annotations, key, name);
}

int tracker_set_tag(struct tracker *t, const struct key *key, const char *tag, const char *value, uint32_t server_sec)
{
	struct shard *s;
	uint32_t slot;
	struct device *d = lock_known(t, key, &s, &slot);
	int r;

	if (!d)
		return ERR_NOT_FOUND;
	r = device_set_tag(d, tag, value);
	shard_touch(s, slot, server_sec, s->views[slot]);
	(void) pthread_mutex_unlock(&s->lock);
	return r < 0 ? r : annotations_set_tag(t->annotations, key, tag, value);
}

int tracker_count_alert(struct tracker *t, const struct key *key, uint16_t source, uint32_t server_sec)
{
	struct shard *s;
	uint32_t slot;
	struct device *d = lock_known(t, key, &s, &slot);

	if (!d)
		return ERR_NOT_FOUND;
	d->num_alerts++;
	sighting_alert(s, d, source);
	if (server_sec)
		shard_touch(s, slot, server_sec, s->views[slot]);
	(void) pthread_mutex_unlock(&s->lock);
	return 0;
}
