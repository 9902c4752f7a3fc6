#include "track/vendor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/crc.h"
#include "base/hex.h"
#include "base/mem.h"

#define PREFIXES_MAX 200000
#define NAMES_MAX 65535

struct prefix {
	uint32_t oui;
	uint16_t name;
};

struct vendors {
	struct prefix *prefixes; /* sorted by oui */
	size_t n_prefixes;
	char **names; /* [0] is "Unknown" */
	size_t n_names;
};

static int by_oui(const void *a, const void *b)
{
	uint32_t x = ((const struct prefix *) a)->oui, y = ((const struct prefix *) b)->oui;

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
static bool prefix_of(const char *line, uint32_t *ret)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 8; i++) {
		int digit = hex_value(line[i]);

		if (i % 3 == 2 && (line[i] == '-' || line[i] == ':'))
			continue;
		if (i % 3 == 2 || digit < 0)
			return false;
		v = v << 4 | (uint32_t) digit;
	}
	*ret = v;
	return true;
}

/* Names by their text, while they are read: index + 1, 0 empty. */
struct name_index {
	uint32_t *at, cap;
};

static uint16_t name_of(struct vendors *v, struct name_index *x, const char *text)
{
	uint32_t mask = x->cap - 1, i = crc_32(text, strlen(text)) & mask;

	for (; x->at[i]; i = (i + 1) & mask)
		if (strcmp(v->names[x->at[i] - 1], text) == 0)
			return (uint16_t) (x->at[i] - 1);
	if (v->n_names == NAMES_MAX)
		return 0;
	v->names[v->n_names] = xstrdup(text);
	x->at[i] = (uint32_t) ++v->n_names;
	return (uint16_t) (v->n_names - 1);
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
	struct name_index x = {xnew(uint32_t, NAMES_MAX + 1), NAMES_MAX + 1};
	size_t cap = 0;
	char line[512];

	while (f && v->n_prefixes < PREFIXES_MAX && gzgets(f, line, sizeof(line))) {
		uint32_t oui;
		char *name;

		if (!prefix_of(line, &oui) || !(name = name_in(line)))
			continue;
		if (v->n_prefixes == cap) {
			cap = cap ? cap * 2 : 4096;
			xgrow(v->prefixes, cap);
		}
		v->prefixes[v->n_prefixes++] = (struct prefix){oui, name_of(v, &x, name)};
	}
	free(x.at);
}

static gzFile open_first(const char *path)
{
	static const char *const places[] = {"/usr/share/ieee-data/oui.txt", "/var/lib/ieee-data/oui.txt"};
	gzFile f = NULL;

	if (path)
		return gzopen(path, "re");
	for (size_t i = 0; i < ARRAY_SIZE(places) && !f; i++)
		f = gzopen(places[i], "re");
	return f;
}

int vendors_load(const char *path, struct vendors **ret_vendors)
{
	struct vendors *v = xnew(struct vendors, 1);
	gzFile f = open_first(path);

	v->names = xnew(char *, NAMES_MAX);
	v->names[v->n_names++] = xstrdup("Unknown");
	read_rows(v, f);
	if (v->n_prefixes)
		qsort(v->prefixes, v->n_prefixes, sizeof(*v->prefixes), by_oui);
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
	for (size_t i = 0; i < v->n_names; i++)
		free(v->names[i]);
	free(v->names);
	free(v->prefixes);
	free(v);
}

uint16_t vendor_find(const struct vendors *v, const struct mac *mac)
{
	struct prefix want = {(uint32_t) (mac_u64(mac) >> 24), 0};
	const struct prefix *hit =
		v->n_prefixes ? bsearch(&want, v->prefixes, v->n_prefixes, sizeof(want), by_oui) : NULL;

	return hit ? hit->name : 0;
}

const char *vendor_name(const struct vendors *v, uint16_t index)
{
	return v && index < v->n_names ? v->names[index] : "Unknown";
}
