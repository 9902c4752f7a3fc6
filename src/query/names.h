/* Names that expressions may use of a kind of record: a row each, which stands beside the record's own rows. Any full
 * field path is a name, too. */
#pragma once
#include "field/path.h"

#define QUERY_PATHS_MAX 4 /* of one name */
#define QUERY_SUMS_MAX 3
#define QUERY_LISTS_MAX 40 /* of rows of one record: its own, and those that phys add */

/* What a value of the name is, and so what may be asked of it. */
enum query_kind {
	QUERY_TEXT,      /* ':' contains, whatever the case; '=' is it */
	QUERY_WORDS,     /* ':' has it as whole words: "Wi-Fi AP" has ap */
	QUERY_EXACT,     /* ':' is it, whatever the case */
	QUERY_NUMBER,    /* a count */
	QUERY_SIZE,      /* octets: B, kB, MB, GB */
	QUERY_DBM,       /* 0 is unknown */
	QUERY_FREQUENCY, /* kept in kHz, 0 is unknown; MHz where no unit is given */
	QUERY_CHANNEL,   /* a text that begins with a number: "6", "36VHT80" */
	QUERY_TIME,      /* a second since 1970, 0 is unknown; a duration is its age */
	QUERY_ADDRESS,   /* whole, its beginning, or with a mask */
	QUERY_FLAG,      /* yes or no */
	QUERY_OTHER,     /* of other records, which name this one by its address (query_name.other) */
	QUERY_VIEW,      /* the name of a view */
};
/* What the keeper of records knows of each without looking at it. */
enum query_column { COLUMN_NONE, COLUMN_CHANGED, COLUMN_SEEN, COLUMN_COUNT };

/* A number that has a name. */
struct query_word {
	const char *text;
	double number;
};

struct query_memo {
	uint64_t a, b;
};

struct query_name {
	const char *name;
	const char *doc;                    /* one sentence: the manual */
	uint8_t kind;                       /* enum query_kind */
	uint8_t column;                     /* enum query_column: of the same seconds */
	bool bare;                          /* a word without a name is looked for in it */
	const char *paths[QUERY_PATHS_MAX]; /* where it is */
	const char *shown;                  /* the path that is shown, sorted and grouped by; NULL: the first */
	const struct query_word *words;     /* ended by text NULL; or NULL */
	const char *other;                  /* QUERY_OTHER: the record that is asked, a text of its `other_name` */
	const char *example;                /* a term, for the manual */
	/* Records of which this is the same have the same value; NULL: it is read each time. */
	struct query_memo (*memo)(const void *record);
};

/* A kind of records. */
struct query_record {
	const char *name, *one; /* "devices", "device" */
	struct field_table *table;
	const char *time;                 /* the name of when it was, by which a histogram counts */
	const char *sums[QUERY_SUMS_MAX]; /* names of numbers that groups add up */
	const char *columns;              /* names that CSV has where none are asked for, separated by commas */
	const struct query_name *names[QUERY_LISTS_MAX]; /* rows, ended by name NULL; lists, ended by NULL */
};

/* Adds a list of rows; adding it again changes nothing. Before the first expression is compiled, one thread. */
void query_names_add(struct query_record *record, const struct query_name *names);
/* The row of that name, whatever its case; NULL: there is none. */
const struct query_name *query_names_find(const struct query_record *record, const char *name, size_t n);
/* The i-th row of all; NULL behind the last. */
const struct query_name *query_names_at(const struct query_record *record, size_t i);
/* The name that is most like an unknown one; NULL: none is. */
const char *query_names_like(const struct query_record *record, const char *name);
/* The kind of what a field's row shows, by what it is in the record. */
enum query_kind query_kind_of(const struct field *row);
/* The kind in words: "a duration or a time". */
const char *query_kind_text(enum query_kind kind);
/* The path by which a name or a field path is shown, sorted and grouped; NULL: it is neither. */
const char *query_shown_path(const struct query_record *record, const char *name);
