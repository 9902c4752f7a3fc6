/* What a text is compared with. Letters of ASCII are alike in either case, except where a pattern is exact. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/regex.h"

enum query_pattern_kind {
	PATTERN_HAS,   /* somewhere in the text */
	PATTERN_WORD,  /* as whole words of it */
	PATTERN_IS,    /* all of it */
	PATTERN_EXACT, /* all of it, also by case */
	PATTERN_GLOB,  /* all of it, with * and ? */
	PATTERN_REGEX, /* may be dear: never asked under a lock */
};
struct query_pattern {
	uint8_t kind;
	const char *text; /* the owner's */
	size_t n;
	struct regex *regex; /* the owner's */
};

/* space may be NULL unless the pattern is an expression. */
bool query_pattern_match(const struct query_pattern *p, const char *text, size_t n, struct regex_space *space);
