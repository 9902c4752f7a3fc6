/* Option rows: one row says everything about an option, beside the struct that holds its value. Both are the room's
 * that the option is of, in its options.h and options.c.
 *
 * A row names the directive as it stands in the file, the member, the default as it would stand in
 * the file, what is allowed, when a changed value takes effect, and one sentence. The kind comes
 * from the member's own type, so row and struct cannot disagree, and a type without a kind does not
 * compile. The same rows read values (file.h), print what is in effect and write the sample files.
 *
 * Values are set while the program starts, by one thread; afterwards they are read by any. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define OPTION_LIST_MAX 4096 /* values of one repeated directive */

enum option_kind {
	OPTION_BOOL, /* true or false */
	OPTION_U32,
	OPTION_I32,
	OPTION_U64,
	OPTION_REAL,
	OPTION_TEXT, /* char *m, owned, NULL while empty */
	OPTION_LIST, /* struct string_list m: a directive that may be repeated */
	OPTION_ENUM, /* uint8_t m: the number of the text among those of ONE_OF() */
};

enum option_flag {
	AT_START = 1,        /* a change takes effect with the next start */
	AT_ONCE = 2,         /* a change takes effect while running */
	OPTION_SECRET = 4,   /* shown in a dump to a file alone */
	OPTION_PATH = 8,     /* %E, %h, %B and %S in it are replaced */
	OPTION_COMMAS = 16,  /* each value of the list is itself a list with commas */
	OPTION_NOT_YET = 32, /* read and checked, but without effect yet */
	OPTION_WORD = 64,    /* a text without ` #` in it, so that a comment may stand behind */
	PATH_AT_START = AT_START | OPTION_PATH,
	WORD_AT_START = AT_START | OPTION_WORD,
};

struct string_list {
	char **items;
	size_t n;
};
/* One of texts that are not its own: STRING_LIST("a", "b"). option_clear() must not see it. */
#define STRING_LIST(...)                                                                                               \
	((struct string_list){(char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)})

struct option_row {
	const char *name;         /* as in the file; Kismet's where Kismet has it */
	const char *fallback;     /* the default, written as in the file */
	const char *doc;          /* one sentence */
	const char *const *texts; /* of an OPTION_ENUM, NULL terminated */
	double min, max;          /* when `ranged` */
	size_t offset;
	uint8_t kind;  /* enum option_kind */
	uint8_t flags; /* enum option_flag */
	bool ranged;
};

struct option_table {
	const char *name; /* of the section in the sample file and the manual: "httpd" */
	const char *doc;  /* one sentence */
	const struct option_row *rows;
	size_t n;
	size_t size; /* of the struct that the rows speak of */
};

/* const struct option_table track_options = OPTION_TABLE(struct track_conf, "tracking", "What is kept.", rows); */
#define OPTION_TABLE(T, section, sentence, table)                                                                      \
	{                                                                                                              \
		.name = (section), .doc = (sentence), .rows = (table), .n = sizeof(table) / sizeof((table)[0]),        \
		.size = sizeof(T)                                                                                      \
	}

#define OPTION_MEMBER(T, m) (((T *) 0)->m)
#define OPTION_KIND(T, m)                                                                                              \
	_Generic(&OPTION_MEMBER(T, m),                                                             \
		bool *: OPTION_BOOL,                                                               \
		uint32_t *: OPTION_U32,                                                            \
		int32_t *: OPTION_I32,                                                             \
		uint64_t *: OPTION_U64,                                                            \
		double *: OPTION_REAL,                                                             \
		char **: OPTION_TEXT,                                                              \
		struct string_list *: OPTION_LIST,                                                 \
		uint8_t *: OPTION_ENUM)

/* What is allowed: the fourth column from the right. */
#define RANGE(low, high) .ranged = true, .min = (low), .max = (high)
#define NO_RANGE .ranged = false
#define ONE_OF(...)                                                                                                    \
	.texts = (const char *const[])                                                                                 \
	{                                                                                                              \
		__VA_ARGS__, NULL                                                                                      \
	}

/* OPTION(struct http_options, "httpd_port", port, 2501, RANGE(1, 65535), AT_START, "Its port.") */
#define OPTION(T, directive, member, standard, allowed, when, sentence)                                                \
	{                                                                                                              \
		.name = (directive), .fallback = #standard, .doc = (sentence), .offset = offsetof(T, member),          \
		.kind = OPTION_KIND(T, member), .flags = (when), allowed                                               \
	}

/* Sets the member, of a list: adds to it. ERR_MALFORMED when the text is not of the kind, ERR_LIMIT
 * when it is out of range or the list is full; the member is unchanged then. */
int option_set(const struct option_row *o, void *object, const char *value);
/* Back to empty: 0, false, NULL or no values. */
void option_clear(const struct option_row *o, void *object);
/* The default without its quotes; the caller frees. */
char *option_fallback(const struct option_row *o);
/* How many values it has now: 1, and of a list as many as there are. */
size_t option_count(const struct option_row *o, const void *object);
/* Writes the i-th value as in a file, secret or not. */
void option_write(const struct option_row *o, const void *object, size_t i, struct buf *out);
/* The same; of a secret that is set, "***". */
void option_print(const struct option_row *o, const void *object, size_t i, struct buf *out);
/* Writes what is allowed, in words: "a whole number from 1 to 65535". */
void option_allowed(const struct option_row *o, struct buf *out);
/* Gives every member with a row its default, and frees what it had: members without a row stay as they are. */
void option_table_default(const struct option_table *t, void *object);
/* Frees what members with rows own, and empties them. */
void option_table_clear(const struct option_table *t, void *object);
/* Whether its section began with the table before it, which may be NULL: both have one name. */
bool option_table_continues(const struct option_table *t, const struct option_table *before);
/* The row of that name (any case), or NULL. */
const struct option_row *option_find(const struct option_table *t, const char *name);

/* Whether a comment may stand behind its value: it cannot hold ` #` itself. */
bool option_has_comments(const struct option_row *o);

/* Reports why a value of an option is not valid: 1 when that is an error, 0 when it is a warning. */
typedef unsigned (*option_fault_fn)(void *ctx, const char *name, const char *value, const char *reason);

bool string_list_has(const struct string_list *l, const char *text);
/* A text that may be missing. */
static inline const char *or_empty(const char *text)
{
	return text ? text : "";
}
