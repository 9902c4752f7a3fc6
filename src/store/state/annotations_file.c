#include "store/state/annotations_file.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"
#include "track/annotations.h"

static void write_annotation(void *ctx, const struct annotation *annotation)
{
	struct buf *out = ctx;
	char key[KEY_TEXT_SIZE];

	key_format(&annotation->key, key);
	buf_printf(out, "{\"key\":\"%s\"", key);
	if (annotation->name) {
		buf_str(out, ",\"name\":");
		json_text(out, annotation->name, strlen(annotation->name));
	}
	buf_str(out, ",\"tags\":{");
	for (uint32_t i = 0; i < annotation->tags.count; i++) {
		const struct tag *t = &annotation->tags.items[i];

		if (i)
			buf_char(out, ',');
		json_text(out, t->name, strlen(t->name));
		buf_char(out, ':');
		json_text(out, t->value, strlen(t->value));
	}
	buf_str(out, "}}\n");
}

int annotations_save(struct annotations *n, const char *path)
{
	struct buf b = {0};
	int r;

	annotations_each(n, write_annotation, &b);
	r = replace_file(path, &b);
	buf_finish(&b);
	return r < 0 ? log_error(r, "Names and tags of devices cannot be written to '%s': %s", path, err_text(r)) : 0;
}

static int load_annotation(struct annotations *n, const struct json_in *v)
{
	const char *key_text = json_in_text(json_in_get(v, "key"));
	const char *name = json_in_text(json_in_get(v, "name"));
	const struct json_in *tags = json_in_get(v, "tags"), *value;
	const char *tag;
	void *cursor = NULL;
	struct key key;
	int r = 0;

	if (!key_text || key_parse(key_text, strlen(key_text), &key) < 0)
		return ERR_MALFORMED;
	if (name)
		r = annotations_set_name(n, &key, name);
	while (json_in_is_object(tags) && r >= 0 && (value = json_in_next(tags, &cursor, &tag)) != NULL)
		if (json_in_text(value))
			r = annotations_set_tag(n, &key, tag, json_in_text(value));
	return r;
}

static void load_line(struct annotations *n, const char *line, size_t len, const char *path, unsigned number)
{
	char error[JSON_IN_ERROR_SIZE] = "it names no device";
	struct json_in *v = json_in_read(line, len, error);

	if (!v || load_annotation(n, v) < 0)
		log_warning("%s:%u is ignored: %s", path, number, error);
	json_in_free(v);
}

int annotations_load(struct annotations *n, const char *path)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t cap = 0, total = 0;
	unsigned number = 0;
	ssize_t len;

	if (!f)
		return errno == ENOENT ? 0 : log_error(-errno, "Cannot read '%s': %s", path, strerror(errno));
	while ((len = getline(&line, &cap, f)) > 0 && (total += (size_t) len) < ANNOTATIONS_FILE_MAX)
		load_line(n, line, (size_t) len, path, ++number);
	return 0;
}
