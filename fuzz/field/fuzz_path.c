/* Any text as a field path, a search and an expression over a device record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "field/filter.h"
#include "field/sort.h"
#include "track/device.h"
#include "track/context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void search(const char *text, struct device *d, struct field_ctx *ctx)
{
	struct field_selection *s = field_selection_create(&device_table);
	struct field_filter *f = field_filter_create(&device_table);
	char error[FIELD_ERROR_SIZE];
	struct buf out = {0};

	(void) field_selection_add(s, text, NULL);
	(void) field_selection_add(s, "kismet.device.base.name", text);
	field_selection_write(&out, s, d, FIELD_FORMAT_FLAT, ctx);
	(void) field_search(s, text, d, ctx);
	if (field_filter_add(f, "kismet.device.base.type", text, error) == 0)
		(void) field_filter_match(f, d, ctx);
	field_filter_destroy(f);
	field_selection_destroy(s);
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct arena arena = {0};
	struct track_context context = {0};
	struct field_ctx ctx = {.arena = &arena, .context = &context};
	struct device *d = calloc(1, sizeof(*d));
	struct field_path path;

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (field_path_compile(&device_table, text, size, &path) == 0) {
		struct field_sort_key key;

		field_sort_take(&path, d, &ctx, &key);
	}
	search(text, d, &ctx);
	arena_finish(&arena);
	free(d);
	free(text);
	return 0;
}
