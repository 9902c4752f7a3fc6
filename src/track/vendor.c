/* Vendors of addresses: prefixes of 24, 28 and 36 bits, sorted, and the names in one text. */
#include "track/vendor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/crc.h"
#include "base/hex.h"
#include "base/hwdb.h"
#include "base/mem.h"

#define PREFIXES_MAX 200000 /* of one length */
#define NAMES_MAX 65535
#define NAME_SLOTS 131072u /* a power of two, twice the names */
#define DIGITS_MAX 9
#define READ_BYTES (128 * 1024)

/* Digits of the prefixes that the IEEE gives out, the longest first. */
static const uint8_t lengths[] = {9, 7, 6};

/* Of one length: the prefix above, the number of its name in the lower 16 bits. Sorted. */
struct prefixes {
	uint64_t *items;
	size_t n, cap;
	bool mixed; /* not in the file as they are sorted here */
};

struct vendors {
	struct prefixes of[ARRAY_SIZE(lengths)];
	char *text;      /* names, each with its end */
	uint32_t *names; /* where they begin; [0] is "Unknown" */
	size_t used, cap, n_names, names_cap;
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n && (s[n - 1] == '\n' || s[n - 1] == '\r' || s[n - 1] == ' ' || s[n - 1] == '\t'))
		s[--n] = '\0';
	return s;
}

/* "00-1D-AA" or "00:1D:AA" at the line's start. */
static bool prefix_of(const char *line, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++) {
		int digit = hex_value(line[i]);

		if (i % 3 == 2 && (line[i] == '-' || line[i] == ':'))
			continue;
		if (i % 3 == 2 || digit < 0)
			return false;
		v = v << 4 | (uint64_t) digit;
	}
	*ret = v;
	return true;
}

/* "28EF01A" */
static bool digits_of(const char *text, uint64_t *ret)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; text[n]; n++) {
		int digit = n < DIGITS_MAX ? hex_value(text[n]) : -1;

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t) digit;
	}
	*ret = v;
	return n > 0;
}

/* Names by their text, while they are read: half of the text's sum above index + 1, so that few others are looked at;
 * 0 empty. */
static uint16_t name_of(struct vendors *v, uint32_t *slots, const char *text)
{
	size_t size = strlen(text) + 1;
	uint32_t sum = crc_32(text, size - 1), i = sum & (NAME_SLOTS - 1);

	for (; slots[i]; i = (i + 1) & (NAME_SLOTS - 1)) {
		uint32_t index = (slots[i] & 0xffff) - 1;

		if (slots[i] >> 16 == sum >> 16 && strcmp(v->text + v->names[index], text) == 0)
			return (uint16_t) index;
	}
	if (v->n_names == NAMES_MAX)
		return 0;
	if (v->n_names == v->names_cap) {
		v->names_cap = v->names_cap ? v->names_cap * 2 : 1024;
		xgrow(v->names, v->names_cap);
	}
	if (v->used + size > v->cap) {
		v->cap = v->cap ? v->cap * 2 : 65536;
		xgrow(v->text, v->cap);
	}
	memcpy(v->text + v->used, text, size);
	v->names[v->n_names] = (uint32_t) v->used;
	v->used += size;
	slots[i] = (sum & 0xffff0000) | (uint32_t) ++v->n_names;
	return (uint16_t) (v->n_names - 1);
}

static void add(struct vendors *v, uint32_t *slots, size_t digits, uint64_t prefix, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct prefixes *x = &v->of[i];

		if (lengths[i] != digits || x->n == PREFIXES_MAX)
			continue;
		if (x->n == x->cap) {
			x->cap = x->cap ? x->cap * 2 : 4096;
			xgrow(x->items, x->cap);
		}
		x->items[x->n] = prefix << 16 | name_of(v, slots, name);
		x->mixed |= x->n && x->items[x->n] < x->items[x->n - 1];
		x->n++;
	}
}

/* The name behind the prefix, in the IEEE's list or in Kismet's; NULL: a line of an address. */
static char *name_in(char *line)
{
	char *hex = strstr(line + 8, "(hex)");

	if (hex)
		return trim(hex + 5);
	return line[2] == ':' && line[8] == '\t' ? trim(line + 9) : NULL;
}

static void read_rows(struct vendors *v, gzFile f)
{
	struct hwdb h = {.prefix = "OUI:", .key = "ID_OUI_FROM_DATABASE"};
	uint32_t *slots = xnew(uint32_t, NAME_SLOTS);
	char line[HWDB_LINE_SIZE];
	uint64_t prefix;

	(void) name_of(v, slots, "Unknown");
	while (f && gzgets(f, line, sizeof(line))) {
		const char *name = hwdb_line(&h, line);

		if (name && digits_of(h.match, &prefix))
			add(v, slots, strlen(h.match), prefix, name);
		else if (!name && prefix_of(line, &prefix) && (name = name_in(line)) != NULL)
			add(v, slots, 6, prefix, name);
	}
	free(slots);
}

static void finish(struct prefixes *x)
{
	if (!x->n)
		return;
	if (x->mixed)
		qsort(x->items, x->n, sizeof(*x->items), by_value);
	x->cap = x->n;
	xgrow(x->items, x->n);
}

bool vendors_file(const char *root, char ret_path[VENDORS_PATH_SIZE])
{
	static const char *const paths[] = {
		"/etc/udev/hwdb.d/20-OUI.hwdb", "/usr/lib/udev/hwdb.d/20-OUI.hwdb", "/lib/udev/hwdb.d/20-OUI.hwdb",
		"/var/lib/ieee-data/oui.txt",   "/usr/share/ieee-data/oui.txt",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int n = snprintf(ret_path, VENDORS_PATH_SIZE, "%s%s", root, paths[i]);

		if (n > 0 && n < VENDORS_PATH_SIZE && access(ret_path, R_OK) == 0)
			return true;
	}
	return false;
}

int vendors_load(const char *path, struct vendors **ret_vendors)
{
	struct vendors *v = xnew(struct vendors, 1);
	char found[VENDORS_PATH_SIZE];
	gzFile f = NULL;

	if (path || vendors_file("", found))
		f = gzopen(path ? path : found, "re");
	if (f)
		(void) gzbuffer(f, READ_BYTES);
	read_rows(v, f);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		finish(&v->of[i]);
	xgrow(v->text, v->used);
	xgrow(v->names, v->n_names);
	*ret_vendors = v;
	if (!f)
		return -ENOENT;
	(void) gzclose_r(f);
	return 0;
}

void vendors_destroy(struct vendors *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		free(v->of[i].items);
	free(v->names);
	free(v->text);
	free(v);
}

/* The first of the prefix; NULL: none. */
static const uint64_t *find(const struct prefixes *x, uint64_t prefix)
{
	size_t from = 0, to = x->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (x->items[middle] >> 16 < prefix)
			from = middle + 1;
		else
			to = middle;
	}
	return from < x->n && x->items[from] >> 16 == prefix ? &x->items[from] : NULL;
}

uint16_t vendor_find(const struct vendors *v, const struct mac *mac)
{
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		const uint64_t *hit = find(&v->of[i], mac_u64(mac) >> (48 - 4 * lengths[i]));

		if (hit)
			return (uint16_t) *hit;
	}
	return 0;
}

const char *vendor_name(const struct vendors *v, uint16_t index)
{
	return v && index < v->n_names ? v->text + v->names[index] : "Unknown";
}
