#include "query/names.h"

#include <strings.h>

#include "base/mem.h"

#define WORD_MOST 24 /* octets of a name that is compared */

void query_names_add(struct query_record *record, const struct query_name *names)
{
	size_t i = 0;

	while (i < QUERY_LISTS_MAX - 1 && record->names[i] && record->names[i] != names)
		i++;
	if (i < QUERY_LISTS_MAX - 1)
		record->names[i] = names;
}

const struct query_name *query_names_at(const struct query_record *record, size_t i)
{
	for (size_t list = 0; record->names[list]; list++)
		for (const struct query_name *row = record->names[list]; row->name; row++)
			if (i-- == 0)
				return row;
	return NULL;
}

const struct query_name *query_names_find(const struct query_record *record, const char *name, size_t n)
{
	const struct query_name *row;

	for (size_t i = 0; (row = query_names_at(record, i)); i++)
		if (strlen(row->name) == n && strncasecmp(row->name, name, n) == 0)
			return row;
	return NULL;
}

/* How many letters have to be changed, added or taken away (Levenshtein). */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MOST + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD_MOST || m > WORD_MOST)
		return WORD_MOST;
	for (size_t k = 0; k <= m; k++)
		row[k] = (unsigned) k;
	for (size_t i = 1; i <= n; i++) {
		unsigned corner = row[0]++;

		for (size_t k = 1; k <= m; k++) {
			unsigned above = row[k], change = corner + ((a[i - 1] | 0x20) != (b[k - 1] | 0x20));

			row[k] = row[k - 1] < above ? row[k - 1] + 1 : above + 1;
			row[k] = row[k] < change ? row[k] : change;
			corner = above;
		}
	}
	return row[m];
}

const char *query_names_like(const struct query_record *record, const char *name)
{
	const struct query_name *row;
	const char *best = NULL;
	size_t least = 3 * 2; /* two letters, and of several names the one that is as long */

	for (size_t i = 0; (row = query_names_at(record, i)); i++) {
		unsigned d = distance(name, row->name);
		size_t by = 2 * d + (strlen(name) != strlen(row->name));

		if (by < least && d < strlen(row->name)) {
			least = by;
			best = row->name;
		}
	}
	return best;
}

static bool is_address(const struct field *row)
{
	return row->kind == FIELD_MAC ||
	       (row->type && (strcmp(row->type, "macaddr") == 0 || strcmp(row->type, "mac_addr") == 0));
}

enum query_kind query_kind_of(const struct field *row)
{
	if (is_address(row))
		return QUERY_ADDRESS;
	switch ((enum field_kind) row->kind) {
	case FIELD_BOOL: return QUERY_FLAG;
	case FIELD_ENUM: return QUERY_WORDS;
	case FIELD_TEXT:
	case FIELD_STRING:
	case FIELD_OCTETS:
	case FIELD_SSID:
	case FIELD_GET_TEXT: return QUERY_TEXT;
	case FIELD_UUID:
	case FIELD_KEY: return QUERY_EXACT;
	default: return QUERY_NUMBER;
	}
}

const char *query_kind_text(enum query_kind kind)
{
	static const char *const texts[] = {
		[QUERY_TEXT] = "a text",
		[QUERY_WORDS] = "words",
		[QUERY_EXACT] = "a whole text",
		[QUERY_NUMBER] = "a number",
		[QUERY_SIZE] = "octets: B, kB, MB or GB",
		[QUERY_DBM] = "a signal in dBm",
		[QUERY_FREQUENCY] = "a frequency: kHz, MHz or GHz",
		[QUERY_CHANNEL] = "a channel",
		[QUERY_TIME] = "a duration (10m, 2h, 1d), a time (03:00, 2026-03-01T03:00) or a day (2026-03-01)",
		[QUERY_ADDRESS] = "an address, its beginning or one with a mask",
		[QUERY_FLAG] = "yes or no",
		[QUERY_OTHER] = "a text",
		[QUERY_VIEW] = "the name of a view",
	};

	return kind < ARRAY_SIZE(texts) ? texts[kind] : "";
}

const char *query_shown_path(const struct query_record *record, const char *name)
{
	const struct query_name *row = query_names_find(record, name, strlen(name));
	struct field_path path;

	if (row)
		return row->shown ? row->shown : row->paths[0];
	if (field_path_compile(record->table, name, strlen(name), &path) < 0 || !path.known)
		return NULL;
	return name;
}
