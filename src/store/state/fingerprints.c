#include "store/state/fingerprints.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_in.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"

#define P struct fingerprint
static const struct field rows[] = {
	FIELD(P, "norn.dot11.fingerprint.macaddr", mac, "Address of the device."),
	FIELD(P, "kismet.dot11.fingerprint.beacon_hash", beacon, "Hash of its beacons; 0: not known."),
	FIELD(P, "kismet.dot11.fingerprint.probe_hash", probe, "Hash of its probe requests; 0: not known."),
	FIELD(P, "kismet.dot11.fingerprint.response_hash", response, "Hash of its probe responses; 0: not known."),
};
struct field_table fingerprint_table = FIELD_TABLE(P, "dot11 fingerprint", rows);

struct fingerprints {
	pthread_mutex_t writer; /* of those who change them, also held while the file is written; taken first */
	pthread_mutex_t lock;   /* of items and n */
	_Atomic bool any;
	_Atomic uint32_t version;
	char *path;
	struct fingerprint *items; /* by address */
	uint32_t n;
};

/* Where the address is, or would be. */
static uint32_t slot(const struct fingerprints *f, const struct mac *mac, bool *ret_found)
{
	uint32_t low = 0, high = f->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (memcmp(&f->items[middle].mac, mac, sizeof(*mac)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_found = low < f->n && memcmp(&f->items[low].mac, mac, sizeof(*mac)) == 0;
	return low;
}

static int add(struct fingerprints *f, const struct fingerprint *item)
{
	bool found;
	uint32_t at = slot(f, &item->mac, &found);

	if (found)
		return ERR_EXISTS;
	if (limit_full(LIMIT_FINGERPRINTS, f->n))
		return ERR_LIMIT;
	xgrow(f->items, f->n + 1);
	memmove(&f->items[at + 1], &f->items[at], (f->n - at) * sizeof(*item));
	f->items[at] = *item;
	f->n++;
	atomic_store(&f->any, true);
	(void) atomic_fetch_add(&f->version, 1);
	return 0;
}

static int save(const struct fingerprints *f)
{
	struct buf b = {0};
	int r;

	if (!f->path)
		return 0;
	for (uint32_t i = 0; i < f->n; i++) {
		const struct fingerprint *x = &f->items[i];
		char mac[MAC_TEXT_SIZE];

		mac_format(&x->mac, mac);
		buf_printf(&b, "{\"macaddr\":\"%s\",\"beacon_hash\":%u,\"probe_hash\":%u,\"response_hash\":%u}\n", mac,
			   x->beacon, x->probe, x->response);
	}
	r = replace_file(f->path, &b);
	buf_finish(&b);
	return r < 0 ? log_error(r, "Fingerprints cannot be written to '%s': %s", f->path, err_text(r)) : 0;
}

static uint32_t hash_of(const struct json_in *v, const char *name)
{
	int64_t whole = 0;

	(void) json_in_whole(json_in_get(v, name), &whole);
	return whole > 0 && whole <= UINT32_MAX ? (uint32_t) whole : 0;
}

static void load_line(struct fingerprints *f, const char *line, size_t len, unsigned number)
{
	char error[JSON_IN_ERROR_SIZE] = "it is not a fingerprint";
	struct json_in *v = json_in_read(line, len, error);
	const char *mac = json_in_text(json_in_get(v, "macaddr"));
	struct fingerprint x = {.beacon = hash_of(v, "beacon_hash"),
				.probe = hash_of(v, "probe_hash"),
				.response = hash_of(v, "response_hash")};

	if (!mac || mac_parse(mac, strlen(mac), &x.mac) < 0 || add(f, &x) < 0)
		log_warning("%s:%u is ignored: %s", f->path, number, error);
	json_in_free(v);
}

struct fingerprints *fingerprints_open(const char *path)
{
	struct fingerprints *f = xnew(struct fingerprints, 1);
	cleanup_fclose FILE *file = path ? fopen(path, "re") : NULL;
	cleanup_free char *line = NULL;
	unsigned number = 0;
	size_t cap = 0;
	ssize_t len;

	(void) pthread_mutex_init(&f->lock, NULL);
	(void) pthread_mutex_init(&f->writer, NULL);
	f->path = path ? xstrdup(path) : NULL;
	while (file && (len = getline(&line, &cap, file)) > 0)
		load_line(f, line, (size_t) len, ++number);
	return f;
}

void fingerprints_close(struct fingerprints *f)
{
	if (!f)
		return;
	(void) pthread_mutex_destroy(&f->lock);
	(void) pthread_mutex_destroy(&f->writer);
	free(f->path);
	free(f->items);
	free(f);
}

static void take_out(struct fingerprints *f, uint32_t at)
{
	f->n--;
	(void) atomic_fetch_add(&f->version, 1);
	atomic_store(&f->any, f->n > 0);
	memmove(&f->items[at], &f->items[at + 1], (f->n - at) * sizeof(f->items[0]));
}

int fingerprints_insert(struct fingerprints *f, const struct fingerprint *items, uint32_t n)
{
	uint32_t done = 0;
	bool found;
	int r = 0;

	(void) pthread_mutex_lock(&f->writer);
	(void) pthread_mutex_lock(&f->lock);
	while (done < n && (r = add(f, &items[done])) >= 0)
		done++;
	for (uint32_t i = 0; r < 0 && i < done; i++)
		take_out(f, slot(f, &items[i].mac, &found));
	(void) pthread_mutex_unlock(&f->lock);
	if (r >= 0)
		r = save(f);
	(void) pthread_mutex_unlock(&f->writer);
	return r;
}

int fingerprints_update(struct fingerprints *f, const struct fingerprint *item)
{
	int r = ERR_NOT_FOUND;
	uint32_t at;
	bool found;

	(void) pthread_mutex_lock(&f->writer);
	(void) pthread_mutex_lock(&f->lock);
	at = slot(f, &item->mac, &found);
	if (found) {
		f->items[at] = *item;
		(void) atomic_fetch_add(&f->version, 1);
	}
	(void) pthread_mutex_unlock(&f->lock);
	if (found)
		r = save(f);
	(void) pthread_mutex_unlock(&f->writer);
	return r;
}

bool fingerprints_find(struct fingerprints *f, const struct mac *mac, struct fingerprint *ret_item)
{
	uint32_t at;
	bool found;

	(void) pthread_mutex_lock(&f->lock);
	at = slot(f, mac, &found);
	if (found)
		*ret_item = f->items[at];
	(void) pthread_mutex_unlock(&f->lock);
	return found;
}

bool fingerprints_any(const struct fingerprints *f)
{
	return atomic_load(&f->any);
}

uint32_t fingerprints_version(const struct fingerprints *f)
{
	return atomic_load(&f->version);
}

int fingerprints_delete(struct fingerprints *f, const struct mac *macs, uint32_t n)
{
	int done = 0, r = 0;

	(void) pthread_mutex_lock(&f->writer);
	(void) pthread_mutex_lock(&f->lock);
	for (uint32_t i = 0; i < n; i++) {
		bool found;
		uint32_t at = slot(f, &macs[i], &found);

		if (!found)
			continue;
		take_out(f, at);
		done++;
	}
	(void) pthread_mutex_unlock(&f->lock);
	if (done)
		r = save(f);
	(void) pthread_mutex_unlock(&f->writer);
	return r < 0 ? r : done;
}

struct fingerprint *fingerprints_all(struct fingerprints *f, uint32_t *ret_n)
{
	struct fingerprint *copy;

	(void) pthread_mutex_lock(&f->lock);
	copy = xnew(struct fingerprint, f->n ? f->n : 1);
	if (f->n)
		memcpy(copy, f->items, f->n * sizeof(*copy));
	*ret_n = f->n;
	(void) pthread_mutex_unlock(&f->lock);
	return copy;
}
