#include "track/vendor.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
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

struct raw_row {
	char *name;
	uint32_t oui;
};

static size_t read_rows(FILE *f, struct raw_row **ret_rows)
{
	struct raw_row *rows = NULL;
	size_t n = 0, cap = 0;
	char line[512];

	while (n < PREFIXES_MAX && fgets(line, sizeof(line), f)) {
		unsigned a, b, c;
		char *hex = strstr(line, "(hex)");

		if (!hex || sscanf(line, "%2x-%2x-%2x", &a, &b, &c) != 3)
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 4096;
			xgrow(rows, cap);
		}
		hex = trim(hex + 5);
		rows[n++] = (struct raw_row){xstrdup(hex), a << 16 | b << 8 | c};
	}
	*ret_rows = rows;
	return n;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct raw_row *) a)->name, ((const struct raw_row *) b)->name);
}

/* Names sorted and once each; every prefix gets the index of its name. */
static void index_rows(struct vendors *v, struct raw_row *rows, size_t n)
{
	if (n)
		qsort(rows, n, sizeof(*rows), by_name);
	v->prefixes = xnew(struct prefix, n);
	v->names = xnew(char *, n + 1);
	v->names[0] = xstrdup("Unknown");
	v->n_names = 1;
	for (size_t i = 0; i < n; i++) {
		bool fresh = i == 0 || by_text(&v->names[v->n_names - 1], &rows[i].name) != 0;

		if (fresh && v->n_names < NAMES_MAX)
			v->names[v->n_names++] = rows[i].name;
		else
			free(rows[i].name);
		v->prefixes[v->n_prefixes++] =
			(struct prefix){rows[i].oui, (uint16_t) (v->n_names - 1)};
	}
	if (n)
		qsort(v->prefixes, v->n_prefixes, sizeof(*v->prefixes), by_oui);
}

static FILE *open_first(const char *path)
{
	static const char *const places[] = {"/usr/share/ieee-data/oui.txt",
					     "/var/lib/ieee-data/oui.txt"};
	FILE *f = NULL;

	if (path)
		return fopen(path, "re");
	for (size_t i = 0; i < ARRAY_SIZE(places) && !f; i++)
		f = fopen(places[i], "re");
	return f;
}

int vendors_load(const char *path, struct vendors **ret_vendors)
{
	struct vendors *v = xnew(struct vendors, 1);
	cleanup_fclose FILE *f = open_first(path);
	struct raw_row *rows = NULL;
	size_t n = f ? read_rows(f, &rows) : 0;

	index_rows(v, rows, n);
	free(rows);
	*ret_vendors = v;
	return f ? 0 : -ENOENT;
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
		bsearch(&want, v->prefixes, v->n_prefixes, sizeof(want), by_oui);

	return hit ? hit->name : 0;
}

const char *vendor_name(const struct vendors *v, uint16_t index)
{
	return v && index < v->n_names ? v->names[index] : "Unknown";
}

size_t vendors_count(const struct vendors *v)
{
	return v->n_prefixes;
}
