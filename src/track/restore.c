/* Warm restart: devices come back from a log into the model. The log is untrusted: a record is read into a device of
 * its own, made sane, and only then moved into its shard. */
#include "track/restore.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_in.h"
#include "base/mem.h"
#include "field/load.h"
#include "track/annotations.h"
#include "track/clock.h"
#include "track/model.h"
#include "track/phys.h"
#include "track/views.h"

#define AHEAD_SEC 86400 /* how far ahead of the clock times are believed, as of packets */

static int phy_of(const struct tracker *t, const struct key *key)
{
	for (uint8_t i = 0; i < t->phys.count; i++)
		if (key_phy_hash(t->phys.name[i]) == key->phy_hash)
			return i;
	return ERR_NOT_FOUND;
}

static uint32_t believed(uint32_t sec, uint32_t server_sec)
{
	return sec > server_sec && sec - server_sec > AHEAD_SEC ? server_sec : sec;
}

/* What follows from other parts of the record, and times within bounds. */
static void complete(struct tracker *t, struct device *d, uint32_t server_sec)
{
	d->vendor = phy_vendor(t, d);
	d->last_sec = believed(d->last_sec, server_sec);
	d->first_sec = d->first_sec > d->last_sec ? d->last_sec : d->first_sec;
	if (d->mod_sec > server_sec)
		d->mod_sec = server_sec;
	if (d->location && d->location->samples == 0)
		d->location->samples = 1;
}

/* The user's annotations outlive logs: they win where both say something, and take over what only the log has. */
static void join_annotations(struct tracker *t, struct device *d)
{
	struct device noted = {.key = d->key};

	annotations_apply(t->annotations, &noted);
	if (noted.username || noted.tags.count) {
		free(d->username);
		while (d->tags.count)
			(void) device_set_tag(d, d->tags.items[0].name, "");
		free(d->tags.items);
		d->username = noted.username;
		d->tags.items = noted.tags.items;
		d->tags.count = noted.tags.count;
		d->tags.cap = noted.tags.cap;
		return;
	}
	if (d->username && annotations_set_name(t->annotations, &d->key, d->username) < 0)
		t->restore_refused++;
	for (uint32_t i = 0; i < d->tags.count; i++)
		if (annotations_set_tag(t->annotations, &d->key, d->tags.items[i].name, d->tags.items[i].value) < 0)
			t->restore_refused++;
}

/* Lists whose first element lies in the struct follow it. */
static void move_into(struct device *to, struct device *from)
{
	*to = *from;
	if (from->freqs.items == &from->first_freq)
		to->freqs.items = &to->first_freq;
	if (from->seenby.items == &from->first_seenby)
		to->seenby.items = &to->first_seenby;
	memset(from, 0, sizeof(*from));
}

/* Under no lock; frees what is not taken. */
static int enter(struct tracker *t, struct device *d)
{
	struct shard *s = shard_of_key(t, &d->key);
	uint64_t most = atomic_load(&t->shard_most);
	uint32_t slot;
	int r = 0;

	(void) pthread_mutex_lock(&s->lock);
	if (shard_find(s, &d->key, &slot))
		r = ERR_EXISTS;
	else if ((most && s->count >= most) || (t->limit && t->restored >= t->limit))
		r = ERR_LIMIT;
	if (r >= 0) {
		struct device *to = shard_add(s, &d->key, &slot);

		move_into(to, d);
		t->restored++;
		shard_touch(s, slot, to->mod_sec, views_of(t, to));
	}
	(void) pthread_mutex_unlock(&s->lock);
	return r;
}

static bool ends_with(const char *name, size_t n, const char *end)
{
	size_t len = strlen(end);

	return n >= len && memcmp(name + n - len, end, len) == 0;
}

/* What a log of norn says elsewhere, and shorter: most of a record. */
static bool is_listed_twice(const char *name, size_t n)
{
	return ends_with(name, n, "rrd") || ends_with(name, n, ".last_beaconed_ssid_record") ||
	       ends_with(name, n, ".last_probed_ssid_record") || ends_with(name, n, ".ie_tag_content");
}

static struct json_in *read_record(const char *record, size_t n)
{
	static const char norns[] = "{\"norn.base.state\":1,";
	char error[JSON_IN_ERROR_SIZE];
	struct buf short_one = {0};
	struct json_in *v;

	if (n < sizeof(norns) || memcmp(record, norns, sizeof(norns) - 1) != 0)
		return json_in_read(record, n, error);
	json_in_skim(record, n, is_listed_twice, &short_one);
	v = json_in_read(short_one.p, short_one.len, error);
	buf_finish(&short_one);
	return v;
}

/* Into *d, zeroed, which the caller frees whatever the result is. */
static int read_device(struct tracker *t, const struct json_in *record, uint32_t server_sec, struct device *d,
		       uint64_t *refused)
{
	struct field_load load = {.context = &t->context};
	const char *text = json_in_text(json_in_get(record, "kismet.device.base.key"));
	struct key key;
	int phy;

	if (!text || key_parse(text, strlen(text), &key) < 0)
		return ERR_MALFORMED;
	phy = phy_of(t, &key);
	if (phy < 0)
		return ERR_MALFORMED;
	d->phy = (uint8_t) phy;
	(void) device_own_part(d, (uint8_t) phy); /* of phys that have a record; it comes first */
	field_load(&device_table, d, record, &load);
	*refused += load.refused;
	d->key = key;
	d->phy = (uint8_t) phy;
	complete(t, d, server_sec);
	return 0;
}

static int restore(struct tracker *t, const struct json_in *record, uint32_t server_sec)
{
	struct device d = {0};
	int r = read_device(t, record, server_sec, &d, &t->restore_refused);

	if (r >= 0) {
		join_annotations(t, &d);
		if (t->phy[d.phy].row.restored)
			t->phy[d.phy].row.restored(t->phy[d.phy].state, &d);
		r = enter(t, &d);
	}
	device_free(&d);
	return r;
}

int tracker_restore(struct tracker *t, const char *record, size_t n, uint32_t server_sec)
{
	struct json_in *v = read_record(record, n);
	int r = v ? restore(t, v, server_sec) : ERR_MALFORMED;

	json_in_free(v);
	return r;
}

int tracker_read_record(struct tracker *t, const char *record, size_t n, uint32_t server_sec, struct device *ret)
{
	struct json_in *v = read_record(record, n);
	uint64_t refused = 0;
	int r = v ? read_device(t, v, server_sec, ret, &refused) : ERR_MALFORMED;

	json_in_free(v);
	return r;
}

void tracker_restore_now(struct tracker *t, uint32_t sec)
{
	raise_now(t, sec);
}

uint64_t tracker_restore_refused(const struct tracker *t)
{
	return t->restore_refused;
}
