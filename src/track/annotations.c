#include "track/annotations.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/limit.h"
#include "base/err.h"
#include "base/mem.h"
#include "field/list.h"

#define BUCKETS 4096 /* a power of two */

struct entry {
	struct annotation annotation;
	struct entry *next;
};

struct annotations {
	pthread_mutex_t lock;
	struct entry *buckets[BUCKETS];
	_Atomic uint32_t count; /* read without the lock: mostly there is none */
};

static struct entry **bucket(struct annotations *n, const struct key *k)
{
	uint64_t h = (mac_u64(&k->mac) ^ k->phy_hash) * 0x9e3779b97f4a7c15u;

	return &n->buckets[h >> 32 & (BUCKETS - 1)];
}

struct annotations *annotations_create(void)
{
	struct annotations *n = xnew(struct annotations, 1);

	(void) pthread_mutex_init(&n->lock, NULL);
	return n;
}

static void free_entry(struct entry *e)
{
	for (uint32_t i = 0; i < e->annotation.tags.count; i++) {
		free(e->annotation.tags.items[i].name);
		free(e->annotation.tags.items[i].value);
	}
	free(e->annotation.tags.items);
	free(e->annotation.name);
	free(e);
}

void annotations_destroy(struct annotations *n)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (n->buckets[i]) {
			struct entry *e = n->buckets[i];

			n->buckets[i] = e->next;
			free_entry(e);
		}
	}
	(void) pthread_mutex_destroy(&n->lock);
	free(n);
}

static struct entry *find(struct annotations *n, const struct key *key)
{
	for (struct entry *e = *bucket(n, key); e; e = e->next)
		if (key_equal(&e->annotation.key, key))
			return e;
	return NULL;
}

static struct entry *find_or_add(struct annotations *n, const struct key *key)
{
	struct entry *e = find(n, key);

	if (e || atomic_load(&n->count) == ANNOTATIONS_MAX)
		return e;
	e = xnew(struct entry, 1);
	e->annotation.key = *key;
	e->next = *bucket(n, key);
	*bucket(n, key) = e;
	(void) atomic_fetch_add(&n->count, 1);
	return e;
}

static void remove_if_empty(struct annotations *n, struct entry *e)
{
	struct entry **at = bucket(n, &e->annotation.key);

	if (e->annotation.name || e->annotation.tags.count)
		return;
	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	free_entry(e);
	(void) atomic_fetch_sub(&n->count, 1);
}

int annotations_set_name(struct annotations *n, const struct key *key, const char *name)
{
	struct entry *e;

	if (name && strlen(name) > DEVICE_TAG_BYTES)
		return ERR_LIMIT;
	(void) pthread_mutex_lock(&n->lock);
	e = find_or_add(n, key);
	if (e) {
		free(e->annotation.name);
		e->annotation.name = name && *name ? xstrdup(name) : NULL;
		remove_if_empty(n, e);
	}
	(void) pthread_mutex_unlock(&n->lock);
	return e ? 0 : ERR_LIMIT;
}

static int set_tag(struct annotation *annotation, const char *name, const char *value)
{
	struct tag *t = NULL;

	for (uint32_t i = 0; i < annotation->tags.count; i++)
		if (strcmp(annotation->tags.items[i].name, name) == 0)
			t = &annotation->tags.items[i];
	if (t && *value == '\0') {
		free(t->name);
		free(t->value);
		*t = annotation->tags.items[--annotation->tags.count];
	} else if (t) {
		free(t->value);
		t->value = xstrdup(value);
	} else if (*value) {
		if (limit_full(LIMIT_TAGS, annotation->tags.count))
			return ERR_LIMIT;
		t = list_add((struct list *) &annotation->tags, sizeof(*t), NULL);
		*t = (struct tag){xstrdup(name), xstrdup(value)};
	}
	return 0;
}

int annotations_set_tag(struct annotations *n, const struct key *key, const char *tag, const char *value)
{
	struct entry *e;
	int r = ERR_LIMIT;

	if (strlen(tag) > DEVICE_TAG_BYTES || strlen(value) > DEVICE_TAG_BYTES)
		return ERR_LIMIT;
	(void) pthread_mutex_lock(&n->lock);
	e = find_or_add(n, key);
	if (e) {
		r = set_tag(&e->annotation, tag, value);
		remove_if_empty(n, e);
	}
	(void) pthread_mutex_unlock(&n->lock);
	return r;
}

void annotations_apply(struct annotations *n, struct device *d)
{
	struct entry *e;

	if (atomic_load_explicit(&n->count, memory_order_relaxed) == 0)
		return;
	(void) pthread_mutex_lock(&n->lock);
	e = find(n, &d->key);
	if (e && e->annotation.name)
		d->username = xstrdup(e->annotation.name);
	for (uint32_t i = 0; e && i < e->annotation.tags.count; i++)
		(void) device_set_tag(d, e->annotation.tags.items[i].name, e->annotation.tags.items[i].value);
	(void) pthread_mutex_unlock(&n->lock);
}

void annotations_each(struct annotations *n, void (*visit)(void *ctx, const struct annotation *annotation), void *ctx)
{
	(void) pthread_mutex_lock(&n->lock);
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct entry *e = n->buckets[i]; e; e = e->next)
			visit(ctx, &e->annotation);
	(void) pthread_mutex_unlock(&n->lock);
}
