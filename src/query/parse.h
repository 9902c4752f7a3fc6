/* An expression as a tree. Nothing of it is looked up yet: what a name means is for compile.h. */
#pragma once
#include "query/lex.h"

#define QUERY_NODES_MAX 4096 /* terms, and what joins them */
#define QUERY_VALUES_MAX 8192
#define QUERY_DEPTH_MAX 64 /* of parentheses and nots */

enum query_node_kind {
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_TERM, /* name, op and values */
	NODE_WORD, /* one value alone */
};
struct query_node {
	uint8_t kind, op;
	size_t at, n;              /* of the term's name in the text, or of its word */
	size_t op_at, op_n;        /* of its operator */
	const char *name;          /* NODE_TERM */
	uint32_t values, n_values; /* the first of tree->values, how many */
	uint32_t last, before;     /* 1 + number of the last child; of the sibling before; 0: none */
};
struct query_tree {
	const char *text; /* the caller's */
	size_t n;
	struct query_node *nodes;
	uint32_t n_nodes;
	struct query_token *values;
	uint32_t n_values;
	uint32_t root; /* 1 + its number; 0: an empty expression, which everything matches */
	struct arena arena;
};

/* 0, or negative with ret_error; either way the caller finishes the tree. The text outlives it. */
int query_parse(const char *text, size_t n, struct query_tree *ret_tree, struct query_error *ret_error);
void query_tree_finish(struct query_tree *t);
