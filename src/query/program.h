/* A compiled expression, for query's own files: tests in a row, each of which says which one comes next. */
#pragma once
#include "query/compile.h"
#include "query/pattern.h"
#include "query/values.h"

#define QUERY_TESTS_MAX 16384
#define QUERY_YES UINT32_MAX /* instead of a test's number */
#define QUERY_NO (UINT32_MAX - 1)
#define QUERY_MEMOS_MAX 8

enum query_condition_kind {
	CONDITION_RANGES,
	CONDITION_PATTERNS,
	CONDITION_MASKS,
	CONDITION_SET, /* addresses that other records named */
	CONDITION_ANY, /* there is a value */
};
/* What values are asked; several tests may share one. */
struct query_condition {
	uint8_t kind;
	uint8_t of; /* enum query_kind */
	bool dear;  /* it has expressions */
	uint32_t n;
	union {
		struct query_range *ranges;
		struct query_pattern *patterns;
		struct mac_mask *masks;
		uint64_t *set; /* ascending; from malloc() */
	};
};

struct query_test {
	const struct query_condition *condition;
	const struct field_path *path;
	uint32_t on_true, on_false; /* a lesser number than the test's own, QUERY_YES or QUERY_NO */
	bool plain;                 /* the path goes through no list */
	bool by_number;             /* of an enumeration: .bits says which of its values pass */
	uint64_t bits[4];
	struct query_memo (*memo)(const void *record); /* or NULL */
	uint8_t memo_slot;
};

/* A test of other records, whose answer is bound before the program runs. */
struct query_other {
	const char *record; /* "alerts" */
	struct query_condition *patterns, *set;
};

struct query_path {
	const char *text; /* as names have it */
	struct field_path path;
};

struct query_program {
	const struct query_record *record;
	struct query_test *tests;
	uint32_t n_tests, cap_tests, start;
	struct query_path **paths;
	uint32_t n_paths;
	struct query_condition **conditions;
	uint32_t n_conditions;
	struct regex **regexes;
	uint32_t n_regexes;
	struct query_other *others;
	uint32_t n_others;
	struct query_bound bounds[COLUMN_COUNT];
	const char *view;
	uint8_t n_memos;
	struct arena arena;
};
