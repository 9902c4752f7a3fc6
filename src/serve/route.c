#include "serve/route.h"

#include <stdio.h>
#include <string.h>

static const struct serializer {
	const char *name;
	struct reply_format format;
} serializers[] = {
	{"json", {FIELD_FORMAT_JSON, false}},	    {"cmd", {FIELD_FORMAT_JSON, false}},
	{"jcmd", {FIELD_FORMAT_JSON, false}},	    {"prettyjson", {FIELD_FORMAT_PRETTY, false}},
	{"ekjson", {FIELD_FORMAT_JSON, true}},	    {"itjson", {FIELD_FORMAT_JSON, true}},
	{"tjson", {FIELD_FORMAT_FLAT, false}},
};

static const struct serializer *find_serializer(const char *name)
{
	for (size_t i = 0; i < sizeof(serializers) / sizeof(serializers[0]); i++)
		if (strcmp(serializers[i].name, name) == 0)
			return &serializers[i];
	return NULL;
}

/* True if the word stands in the comma separated list. */
static bool listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, word, n) == 0 && (p[n] == ',' || p[n] == '\0'))
			return true;
	return false;
}

/* The part behind the last '.' of the last step; removes it from the path. */
static bool take_format(const struct route *r, char *path, struct route_match *m)
{
	char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	const struct serializer *s;

	if (!r->formats)
		return true;
	if (!dot || (slash && dot < slash))
		return false;
	s = find_serializer(dot + 1);
	if (strcmp(r->formats, "*") == 0 ? !s : !listed(r->formats, dot + 1))
		return false;
	if (s)
		m->format = s->format;
	*dot = '\0';
	return true;
}

static bool take_param(struct route_match *m, const char *name, size_t name_n, const char *value,
		       size_t n)
{
	if (n == 0 || n >= SERVE_PARAM_SIZE || m->n_params == SERVE_PARAMS_MAX)
		return false;
	(void) snprintf(m->name[m->n_params], sizeof(m->name[0]), "%.*s", (int) name_n, name);
	memcpy(m->value[m->n_params], value, n);
	m->value[m->n_params++][n] = '\0';
	return true;
}

/* Step by step; runs of '/' count as one. */
static bool match_steps(const char *pattern, const char *path, struct route_match *m)
{
	m->n_params = 0;
	for (;;) {
		size_t n, k;

		pattern += strspn(pattern, "/");
		path += strspn(path, "/");
		if (!*pattern || !*path)
			return *pattern == *path;
		k = strcspn(pattern, "/");
		n = strcspn(path, "/");
		if (*pattern == '{') {
			if (!take_param(m, pattern + 1, k - 2, path, n))
				return false;
		} else if (k != n || memcmp(pattern, path, n) != 0) {
			return false;
		}
		pattern += k;
		path += n;
	}
}

static bool matches(const struct route *r, const char *path, struct route_match *m)
{
	char bare[1024];

	if (strlen(path) >= sizeof(bare))
		return false;
	(void) snprintf(bare, sizeof(bare), "%s", path);
	m->format = (struct reply_format){FIELD_FORMAT_JSON, false};
	return take_format(r, bare, m) && match_steps(r->path, bare, m);
}

void route_find(const struct route_table *const *tables, const char *path, uint8_t method,
		struct route_match *ret_match)
{
	ret_match->route = NULL;
	ret_match->status = 404;
	for (; *tables; tables++) {
		for (size_t i = 0; i < (*tables)->n; i++) {
			const struct route *r = &(*tables)->routes[i];

			if (!matches(r, path, ret_match))
				continue;
			if (r->methods & method) {
				ret_match->route = r;
				ret_match->status = 200;
				return;
			}
			ret_match->status = 405;
		}
	}
}
