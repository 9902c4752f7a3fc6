#include "track/device.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "field/copy.h"
#include "field/list.h"

#define TEXT_FROM_AIR_MAX 128 /* octets of a name or model that are kept */

static struct field_table *part_tables[32]; /* by phy; filled before the first source opens */

bool device_add_part(uint8_t phy, struct field_table *table)
{
	if (part_tables[phy] == table)
		return false;
	field_prepare(table);
	part_tables[phy] = table;
	return true;
}

void *device_own_part(struct device *d, uint8_t part)
{
	void *have = device_part(d, part);

	if (have || d->n_parts == DEVICE_PARTS || !part_tables[part])
		return have;
	d->part_phy[d->n_parts] = part;
	d->part[d->n_parts] = xalloc(part_tables[part]->size);
	return d->part[d->n_parts++];
}

void *device_own_part_of(struct device *d, const struct field_table *table)
{
	for (uint8_t phy = 0; phy < ARRAY_SIZE(part_tables); phy++)
		if (part_tables[phy] == table)
			return device_own_part(d, phy);
	return NULL;
}

void device_copy(struct device *dst, const struct device *src, struct arena *arena)
{
	field_copy(&device_table, dst, src, arena);
	for (uint8_t i = 0; i < src->n_parts; i++) {
		struct field_table *t = part_tables[src->part_phy[i]];

		dst->part[i] = arena_alloc(arena, t->size);
		field_copy(t, dst->part[i], src->part[i], arena);
	}
}

void device_free(struct device *d)
{
	for (uint8_t i = 0; i < d->n_parts; i++) {
		field_free(part_tables[d->part_phy[i]], d->part[i]);
		free(d->part[i]);
	}
	field_free(&device_table, d);
	memset(d, 0, sizeof(*d));
}

void device_keep_text(char **text, struct span s)
{
	char shown[TEXT_FROM_AIR_MAX * 6 + 1];

	if (s.left == 0)
		return;
	(void) air_text(s.p, s.left < TEXT_FROM_AIR_MAX ? s.left : TEXT_FROM_AIR_MAX, shown, sizeof(shown));
	if (*text && strcmp(*text, shown) == 0)
		return;
	free(*text);
	*text = xstrdup(shown);
}

size_t device_bytes(const struct device *d)
{
	size_t n = sizeof(*d) + field_bytes(&device_table, d);

	for (uint8_t i = 0; i < d->n_parts; i++) {
		struct field_table *t = part_tables[d->part_phy[i]];

		n += t->size + field_bytes(t, d->part[i]);
	}
	return n;
}

static void take_level(int16_t level, int16_t *last, int16_t *min, int16_t *max)
{
	if (level == 0)
		return;
	*last = level;
	if (*min == 0 || level < *min)
		*min = level;
	if (*max == 0 || level > *max)
		*max = level;
}

int16_t signal_update(struct signal *s, const struct radio *radio, uint32_t packet_sec)
{
	int16_t signal = 0, noise = 0;

	s->seen = true;
	if (s->type == SIGNAL_NONE && (radio->have & RADIO_HAS_SIGNAL) && radio->signal_dbm)
		s->type = SIGNAL_DBM;
	else if (s->type == SIGNAL_NONE && (radio->have & RADIO_HAS_RSSI) && radio->signal_rssi)
		s->type = SIGNAL_RSSI;
	if (s->type == SIGNAL_DBM) {
		signal = radio->have & RADIO_HAS_SIGNAL ? radio->signal_dbm : 0;
		noise = radio->have & RADIO_HAS_NOISE ? radio->noise_dbm : 0;
	} else if (s->type == SIGNAL_RSSI) {
		signal = radio->signal_rssi;
		noise = radio->noise_rssi;
	}
	take_level(signal, &s->last_signal, &s->min_signal, &s->max_signal);
	take_level(noise, &s->last_noise, &s->min_noise, &s->max_noise);
	if (signal)
		history_add(&s->history, HISTORY_SIGNAL, packet_sec, (float) signal);
	s->carriers |= radio->carrier;
	s->encodings |= radio->encoding;
	if (radio->rate_100kbps > s->max_rate_100kbps)
		s->max_rate_100kbps = radio->rate_100kbps;
	return signal;
}

static struct freq_count *freq_of(const struct list *l, uint32_t khz)
{
	struct freq_count *items = l->items;

	for (uint32_t i = 0; i < l->count; i++)
		if (items[i].khz == khz)
			return &items[i];
	return NULL;
}

/* first: where a list that is empty begins; NULL: on the heap. */
static void count_freq(struct list *freqs, uint32_t khz, struct freq_count *first)
{
	struct freq_count *f = freq_of(freqs, khz);

	if (f)
		f->packets++;
	else if (!limit_full(LIMIT_FREQUENCIES, freqs->count))
		*(struct freq_count *) list_add(freqs, sizeof(struct freq_count), first) = (struct freq_count){khz, 1};
}

void device_update_freq(struct device *d, uint32_t khz)
{
	if (khz == 0)
		return;
	d->freq_khz = khz;
	count_freq((struct list *) &d->freqs, khz, &d->first_freq);
}

struct seenby *device_update_source(struct device *d, uint16_t source, uint32_t packet_sec, uint32_t server_sec)
{
	struct seenby *added;

	for (uint32_t i = 0; i < d->seenby.count; i++) {
		struct seenby *s = &d->seenby.items[i];

		if (s->source != source)
			continue;
		s->packets++;
		(void) clock_seen(&s->first_sec, &s->last_sec, packet_sec, server_sec);
		return s;
	}
	if (limit_full(LIMIT_SEENBY, d->seenby.count))
		return NULL;
	added = list_add((struct list *) &d->seenby, sizeof(struct seenby), &d->first_seenby);
	*added = (struct seenby){.source = source, .first_sec = packet_sec, .last_sec = packet_sec, .packets = 1};
	return added;
}

static struct seenby_radio *radio_of_source(struct device *d, uint16_t source)
{
	for (uint32_t i = 0; i < d->seenby.count; i++) {
		struct seenby *s = &d->seenby.items[i];

		if (s->source != source)
			continue;
		if (!s->radio)
			s->radio = xnew(struct seenby_radio, 1);
		return s->radio;
	}
	return NULL;
}

void device_update_source_radio(struct device *d, uint16_t source, const struct radio *radio, uint32_t packet_sec)
{
	struct seenby_radio *r = radio_of_source(d, source);

	if (!r)
		return;
	signal_update(&r->signal, radio, packet_sec);
	if (radio->freq_khz)
		count_freq((struct list *) &r->freqs, radio->freq_khz, NULL);
}

static void widen(struct location *l, const struct position *p)
{
	if (l->fix < POSITION_FIX_2D) {
		l->min = l->max = *p;
		return;
	}
	l->min.lat = fmin(l->min.lat, p->lat);
	l->min.lon = fmin(l->min.lon, p->lon);
	l->max.lat = fmax(l->max.lat, p->lat);
	l->max.lon = fmax(l->max.lon, p->lon);
	if (p->fix >= POSITION_FIX_3D) {
		l->min.alt_m = fminf(l->min.alt_m, p->alt_m);
		l->max.alt_m = fmaxf(l->max.alt_m, p->alt_m);
	}
}

void location_update(struct location **at, const struct position *p, uint32_t server_sec)
{
	double lat, lon;
	struct location *l;

	if (p->fix < POSITION_FIX_2D)
		return;
	lat = p->lat * (M_PI / 180);
	lon = p->lon * (M_PI / 180);
	if (!*at)
		*at = xnew(struct location, 1);
	l = *at;
	widen(l, p);
	l->last = *p;
	if (p->fix > l->fix)
		l->fix = p->fix;
	if (l->last_sample_sec == server_sec)
		return;
	l->last_sample_sec = server_sec;
	l->x += cos(lat) * cos(lon);
	l->y += cos(lat) * sin(lon);
	l->z += sin(lat);
	l->samples++;
	if (p->fix >= POSITION_FIX_3D) {
		l->alt_sum += (double) p->alt_m;
		l->alt_samples++;
	}
}

static struct related *relation_of(struct device *d, const char *relation)
{
	struct related *r;

	for (uint32_t i = 0; i < d->related.count; i++)
		if (strcmp(d->related.items[i].relation, relation) == 0)
			return &d->related.items[i];
	r = list_add((struct list *) &d->related, sizeof(*r), NULL);
	*r = (struct related){.relation = xstrdup(relation)};
	return r;
}

void device_relate(struct device *d, const char *relation, const struct key *key)
{
	struct related *r = relation_of(d, relation);

	for (uint32_t i = 0; i < r->keys.count; i++)
		if (key_equal(&r->keys.items[i], key))
			return;
	if (!limit_full(LIMIT_RELATED, r->keys.count))
		*(struct key *) list_add((struct list *) &r->keys, sizeof(*key), NULL) = *key;
}

static void remove_tag(struct device *d, uint32_t i)
{
	free(d->tags.items[i].name);
	free(d->tags.items[i].value);
	d->tags.items[i] = d->tags.items[--d->tags.count];
}

int device_set_tag(struct device *d, const char *name, const char *value)
{
	struct tag *t;

	if (strlen(name) > DEVICE_TAG_BYTES || strlen(value) > DEVICE_TAG_BYTES)
		return ERR_LIMIT;
	for (uint32_t i = 0; i < d->tags.count; i++) {
		t = &d->tags.items[i];
		if (strcmp(t->name, name) != 0)
			continue;
		if (*value == '\0') {
			remove_tag(d, i);
			return 0;
		}
		free(t->value);
		t->value = xstrdup(value);
		return 0;
	}
	if (*value == '\0')
		return 0;
	if (limit_full(LIMIT_TAGS, d->tags.count))
		return ERR_LIMIT;
	t = list_add((struct list *) &d->tags, sizeof(*t), NULL);
	*t = (struct tag){xstrdup(name), xstrdup(value)};
	return 0;
}
