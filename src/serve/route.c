#include "serve/route.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
const struct refusal route_refusals[] = {
	{400, "the path, the form or the command cannot be read, or an argument is of a wrong type"},
	{401, "it needs a login, or the login is wrong"},
	{403, "the login's role does not allow it, or a page of another origin asks"},
	{404, "there is no such path, or the record has no such field"},
	{405, "the path does not take the method"},
	{408, "the request did not come in time"},
	{413, "the body is larger than norn_max_body"},
	{414, "the path is too long"},
	{426, "a websocket was asked for without Upgrade"},
	{429, "there are too many requests, connections, streams, websockets or wrong logins; try again later"},
	{431, "the request's headers are too long"},
	{503, "the server is starting, stopping or too busy"},
	{0},
};
/* clang-format on */

static const struct serializer {
	const char *name;
	struct reply_format format;
} serializers[] = {
	{"json", {.fields = FIELD_FORMAT_JSON}},
	{"cmd", {.fields = FIELD_FORMAT_JSON}},
	{"jcmd", {.fields = FIELD_FORMAT_JSON}},
	{"prettyjson", {.fields = FIELD_FORMAT_PRETTY}},
	{"ekjson", {.fields = FIELD_FORMAT_JSON, .lines = true}},
	{"itjson", {.fields = FIELD_FORMAT_JSON, .lines = true}},
	{"tjson", {.fields = FIELD_FORMAT_FLAT}},
	{"csv", {.fields = FIELD_FORMAT_JSON, .lines = true, .csv = true}},
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

static bool known_format(const struct route *r, const char *extension, struct route_match *m)
{
	const struct serializer *s = find_serializer(extension);

	if (!(*r->formats == '*' && s && !s->format.csv) && !listed(r->formats, extension))
		return false;
	if ((r->flags & ROUTE_NO_PRETTY) && strcmp(extension, "prettyjson") == 0)
		return false;
	if (s)
		m->format = s->format;
	(void) snprintf(m->extension, sizeof(m->extension), "%s", extension);
	return true;
}

static bool take_param(struct route_match *m, const char *name, size_t name_n, const char *value, size_t n)
{
	if (n == 0 || n >= SERVE_PARAM_SIZE || m->n_params == SERVE_PARAMS_MAX)
		return false;
	(void) snprintf(m->name[m->n_params], sizeof(m->name[0]), "%.*s", (int) name_n, name);
	memcpy(m->value[m->n_params], value, n);
	m->value[m->n_params++][n] = '\0';
	return true;
}

/* One step of a pattern, "{key}", "device" or "{key}-handshake", against one of a path. */
static bool match_step(struct route_match *m, const char *pattern, size_t k, const char *path, size_t n)
{
	const char *end = *pattern == '{' ? memchr(pattern, '}', k) : NULL;
	size_t behind;

	if (!end)
		return k == n && memcmp(pattern, path, n) == 0;
	behind = k - (size_t) (end + 1 - pattern);
	if (n <= behind || memcmp(end + 1, path + n - behind, behind) != 0)
		return false;
	return take_param(m, pattern + 1, (size_t) (end - pattern) - 1, path, n - behind);
}

/* The last step loses its extension, which must be one of the route's. */
static bool take_extension(const struct route *r, const char *path, size_t *n, struct route_match *m)
{
	const char *dot = memrchr(path, '.', *n);
	char extension[16];
	size_t len;

	if (!r->formats)
		return true;
	len = dot ? *n - (size_t) (dot + 1 - path) : 0;
	if (len == 0 || len >= sizeof(extension))
		return false;
	memcpy(extension, dot + 1, len);
	extension[len] = '\0';
	*n = (size_t) (dot - path);
	return known_format(r, extension, m);
}

/* Step by step; runs of '/' count as one. */
static bool matches(const struct route *r, const char *path, struct route_match *m)
{
	const char *pattern = r->path, *step;

	m->n_params = 0;
	m->subpath[0] = m->extension[0] = '\0';
	m->format = (struct reply_format){.fields = FIELD_FORMAT_JSON};
	for (;;) {
		size_t n, k;

		pattern += strspn(pattern, "/");
		path += strspn(path, "/");
		if (!*pattern)
			break;
		k = strcspn(pattern, "/");
		n = strcspn(path, "/");
		if (n == 0)
			return false;
		step = path;
		path += n;
		if (!pattern[k] && !take_extension(r, step, &n, m))
			return false;
		if (!match_step(m, pattern, k, step, n))
			return false;
		pattern += k;
	}
	if (!*path)
		return true;
	(void) snprintf(m->subpath, sizeof(m->subpath), "%s", path);
	return r->flags & ROUTE_SUBPATH;
}

void route_find(const struct route_table *const *tables, const char *path, uint8_t method,
		struct route_match *ret_match)
{
	ret_match->route = NULL;
	ret_match->status = 404;
	ret_match->allowed = 0;
	for (size_t number = 0; *tables; tables++) {
		for (size_t i = 0; i < (*tables)->n; i++, number++) {
			const struct route *r = &(*tables)->routes[i];

			if (!matches(r, path, ret_match))
				continue;
			if (r->methods & method) {
				ret_match->route = r;
				ret_match->number = number;
				ret_match->status = 200;
				return;
			}
			ret_match->status = 405;
			ret_match->allowed |= r->methods;
		}
	}
}

const struct route *route_at(const struct route_table *const *tables, size_t number)
{
	for (; *tables; number -= (*tables++)->n)
		if (number < (*tables)->n)
			return &(*tables)->routes[number];
	return NULL;
}
