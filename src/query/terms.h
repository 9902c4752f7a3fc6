/* Terms of an expression as tests of a program, for compile.c. */
#pragma once
#include "query/parse.h"
#include "query/program.h"

struct query_build {
	struct query_program *program;
	const struct query_tree *tree;
	struct query_reading reading;
	unsigned views; /* terms that name one, the latest of them at: */
	size_t view_at, view_n;
};

/* Whether comparing the term with a record may be dear, so that others are asked first. */
bool query_term_is_dear(const struct query_tree *tree, const struct query_node *node);
/* Adds the tests of a term or word: the first of them, which ends at `yes` or `no`. Negative, with an error. */
int query_term_compile(struct query_build *b, const struct query_node *node, uint32_t yes, uint32_t no,
		       uint32_t *ret_start);
