#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "plugin/manifest.h"
#include "base/err.h"
#include "base/mem.h"
#include "plugin/private.h"

struct words {
	const char *p;
	size_t n;
};

static struct words trim(struct words w)
{
	while (w.n && isspace((unsigned char) w.p[0])) {
		w.p++;
		w.n--;
	}
	while (w.n && isspace((unsigned char) w.p[w.n - 1]))
		w.n--;
	if (w.n >= 2 && w.p[0] == '"' && w.p[w.n - 1] == '"')
		return (struct words){w.p + 1, w.n - 2};
	return w;
}

static bool same(struct words w, const char *name)
{
	return strlen(name) == w.n && strncasecmp(w.p, name, w.n) == 0;
}

/* NULL, or what is wrong. Unknown names are ignored: they may be of a later version. */
static const char *take(struct plugin_record *r, struct words name, struct words value)
{
	const struct {
		const char *name;
		char *to;
		size_t size;
	} keys[] = {{"name", r->name, sizeof(r->name)},       {"description", r->description, sizeof(r->description)},
		    {"author", r->author, sizeof(r->author)}, {"version", r->version, sizeof(r->version)},
		    {"object", r->object, sizeof(r->object)}, {"js", r->jsmodule, sizeof(r->jsmodule)}};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!same(name, keys[i].name))
			continue;
		if (value.n >= keys[i].size)
			return "a value in its manifest is too long";
		memcpy(keys[i].to, value.p, value.n);
		keys[i].to[value.n] = '\0';
	}
	return NULL;
}

static const char *take_line(struct plugin_record *r, struct words line)
{
	const char *is;

	line = trim(line);
	if (!line.n || line.p[0] == '#')
		return NULL;
	is = memchr(line.p, '=', line.n);
	if (!is || is == line.p)
		return "its manifest has a line that is not name=value";
	return take(r, trim((struct words){line.p, (size_t) (is - line.p)}),
		    trim((struct words){is + 1, line.n - (size_t) (is + 1 - line.p)}));
}

const char *plugin_manifest_read(struct plugin_record *r, const char *text, size_t n)
{
	const char *wrong = memchr(text, '\0', n) ? "its manifest is no text" : NULL;

	while (n && !wrong) {
		const char *end = memchr(text, '\n', n);
		size_t len = end ? (size_t) (end - text) : n;

		wrong = take_line(r, (struct words){text, len});
		text += end ? len + 1 : len;
		n -= end ? len + 1 : len;
	}
	if (!wrong && !*r->name)
		wrong = "its manifest has no name=";
	if (!wrong && (strchr(r->object, '/') || r->object[0] == '.'))
		wrong = "object= must be the name of a file in its folder, without a path";
	return wrong;
}
