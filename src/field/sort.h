/* What a record is sorted by: a number, or the first octets of a text, taken once. */
#pragma once
#include "field/path.h"

#define FIELD_SORT_TEXT 48

struct field_sort_key {
	uint8_t kind; /* 0 absent, 1 number, 2 text */
	uint8_t n;    /* octets of text */
	union {
		double number;
		char text[FIELD_SORT_TEXT];
	};
};

/* Takes the first value that the path finds. */
void field_sort_take(const struct field_path *path, const void *obj, struct field_ctx *ctx,
		     struct field_sort_key *ret_key);
/* Absent before numbers before texts; texts in natural order ("ap2" before "ap10"), case aside. */
int field_sort_compare(const struct field_sort_key *a, const struct field_sort_key *b);
