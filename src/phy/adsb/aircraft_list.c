#include "phy/adsb/aircraft_list.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_in.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "base/quick.h"

#define FOLDER "/usr/share/dump1090-mutability/html/db"
#define DIGITS 6          /* of an address */
#define FILE_MOST 1048576 /* octets; Debian's have 30,000 at most */
#define KEPT 1024         /* aircraft that are remembered; a power of two */
#define PATH_SIZE 4096

struct kept {
	uint32_t icao; /* and 1 << 24: the entry is used */
	bool known;
	struct aircraft_entry entry;
};

struct aircraft_list {
	char folder[PATH_SIZE];
	pthread_mutex_t lock;
	struct kept kept[KEPT];
};

struct aircraft_list *aircraft_list_create(const char *folder)
{
	struct aircraft_list *r = xnew(struct aircraft_list, 1);

	(void) snprintf(r->folder, sizeof(r->folder), "%s", folder && *folder ? folder : FOLDER);
	(void) pthread_mutex_init(&r->lock, NULL);
	return r;
}

void aircraft_list_destroy(struct aircraft_list *r)
{
	if (!r)
		return;
	(void) pthread_mutex_destroy(&r->lock);
	free(r);
}

/* The file of the addresses that begin so; NULL when there is none that can be read. */
static struct json_in *read_block(const struct aircraft_list *r, const char *digits, size_t n)
{
	char path[PATH_SIZE + 16], error[JSON_IN_ERROR_SIZE], *text;
	struct json_in *json = NULL;
	size_t size;
	FILE *f;

	(void) snprintf(path, sizeof(path), "%s/%.*s.json", r->folder, (int) n, digits);
	f = fopen(path, "re");
	if (!f)
		return NULL;
	text = xalloc(FILE_MOST);
	size = fread(text, 1, FILE_MOST, f);
	if (size < FILE_MOST)
		json = json_in_read(text, size, error);
	free(text);
	(void) fclose(f);
	return json;
}

static void take(const struct json_in *from, const char *name, char ret[AIRCRAFT_TEXT_SIZE])
{
	const char *text = json_in_text(json_in_get(from, name));

	if (text)
		(void) air_text((const uint8_t *) text, strlen(text), ret, AIRCRAFT_TEXT_SIZE);
}

/* True when the file says that there is one for one digit more. */
static bool has_child(const struct json_in *block, const char *digits, size_t n)
{
	const struct json_in *children = json_in_get(block, "children");

	for (size_t i = 0; i < json_in_count(children); i++) {
		const char *child = json_in_text(json_in_at(children, i));

		if (child && strlen(child) == n && memcmp(child, digits, n) == 0)
			return true;
	}
	return false;
}

static bool look_up(const struct aircraft_list *r, uint32_t icao, struct aircraft_entry *ret)
{
	char digits[DIGITS + 1];
	bool found = false, more = true;

	(void) snprintf(digits, sizeof(digits), "%06X", icao & 0xffffff);
	for (size_t n = 1; n < DIGITS && more && !found; n++) {
		struct json_in *block = read_block(r, digits, n);
		const struct json_in *entry = json_in_get(block, digits + n);

		found = json_in_is_object(entry);
		if (found) {
			take(entry, "r", ret->registration);
			take(entry, "t", ret->type);
		}
		more = has_child(block, digits, n + 1);
		if (block)
			json_in_free(block);
	}
	return found;
}

bool aircraft_list_find(struct aircraft_list *r, uint32_t icao, struct aircraft_entry *ret)
{
	struct kept *k = &r->kept[(icao * 0x9e3779b1u) >> 22], found = {.icao = icao | 1u << 24};
	bool kept;

	(void) pthread_mutex_lock(&r->lock);
	kept = quick(QUICK_AIRCRAFT) && k->icao == found.icao;
	if (kept)
		found = *k;
	(void) pthread_mutex_unlock(&r->lock);
	if (!kept) {
		found.known = look_up(r, icao, &found.entry);
		(void) pthread_mutex_lock(&r->lock);
		*k = found;
		(void) pthread_mutex_unlock(&r->lock);
	}
	*ret = found.entry;
	return found.known;
}
