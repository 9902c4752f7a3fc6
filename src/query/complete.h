/* What may stand where a user types. */
#pragma once
#include "query/lex.h"
#include "query/names.h"

enum query_want {
	WANT_TERM,  /* a name, a word, not or ( */
	WANT_OP,    /* and, or, or one more term */
	WANT_VALUE, /* one of .name */
};
struct query_position {
	enum query_want want;
	const struct query_name *name; /* of a value; NULL: the name is not known, or a field path */
	bool behind;                   /* a term stands before it: and, or */
	size_t from;                   /* where what is being typed begins; at the position when nothing is */
};

/* Reads the text up to octet `at`, which is not beyond n. */
void query_position_find(const struct query_record *record, const char *text, size_t at,
			 struct query_position *ret_position);
