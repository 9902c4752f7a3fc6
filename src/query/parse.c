#include "query/parse.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

struct parser {
	struct query_lex lex;
	struct query_token token; /* the one at hand */
	struct query_tree *tree;
	uint32_t cap_nodes, cap_values;
	unsigned depth;
};

static int parse_or(struct parser *p, uint32_t *ret_node);

static int step(struct parser *p, enum query_where where)
{
	return query_lex_next(&p->lex, where, &p->token);
}

static int fail(struct parser *p, const char *sentence)
{
	return query_fail(p->lex.error, p->lex.text, p->token.at, p->token.n, "%s", sentence);
}

static int add_node(struct parser *p, struct query_node node, uint32_t *ret_node)
{
	struct query_tree *t = p->tree;

	if (t->n_nodes == QUERY_NODES_MAX)
		return query_fail(p->lex.error, p->lex.text, p->token.at, p->token.n,
				  "an expression has at most %d terms, ands, ors and nots", QUERY_NODES_MAX);
	if (t->n_nodes == p->cap_nodes) {
		p->cap_nodes = p->cap_nodes ? p->cap_nodes * 2 : 16;
		xgrow(t->nodes, p->cap_nodes);
	}
	t->nodes[t->n_nodes++] = node;
	*ret_node = t->n_nodes;
	return 0;
}

static int add_value(struct parser *p)
{
	struct query_tree *t = p->tree;

	if (t->n_values == QUERY_VALUES_MAX)
		return query_fail(p->lex.error, p->lex.text, p->token.at, p->token.n,
				  "an expression has at most %d values", QUERY_VALUES_MAX);
	if (t->n_values == p->cap_values) {
		p->cap_values = p->cap_values ? p->cap_values * 2 : 16;
		xgrow(t->values, p->cap_values);
	}
	t->values[t->n_values++] = p->token;
	return 0;
}

static bool is_value(const struct query_token *t)
{
	return t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED || t->kind == TOKEN_REGEX;
}

/* (a,b,c), behind the parenthesis; ends behind the closing one. */
static int parse_list(struct parser *p)
{
	int r;

	do {
		r = step(p, WHERE_ITEM);
		if (r >= 0 && !is_value(&p->token))
			r = fail(p, "a list has values, separated by commas: (1,6,11)");
		if (r >= 0)
			r = add_value(p);
		if (r >= 0)
			r = step(p, WHERE_ITEM);
	} while (r >= 0 && p->token.kind == TOKEN_COMMA);
	if (r < 0)
		return r;
	if (p->token.kind != TOKEN_CLOSE)
		return fail(p, "here a comma or the list's ) is expected");
	return step(p, WHERE_TERM);
}

/* What follows a name: its operator and values. Without an operator it is a word. */
static int parse_term(struct parser *p, uint32_t *ret_node)
{
	struct query_token name = p->token;
	struct query_node node = {
		.kind = NODE_WORD, .at = name.at, .n = name.n, .name = name.text, .values = p->tree->n_values};
	int r = add_value(p), op = r;

	if (r >= 0 && name.kind == TOKEN_WORD && !query_is_address(name.text, name.len))
		op = query_lex_next(&p->lex, WHERE_OP, &p->token);
	else
		p->token.kind = TOKEN_END;
	if (op < 0 && op != ERR_NOT_FOUND)
		return op;
	if (op >= 0 && p->token.kind == TOKEN_OP) {
		p->tree->n_values--;
		node.kind = NODE_TERM;
		node.op = p->token.op;
		node.op_at = p->token.at;
		node.op_n = p->token.n;
		r = step(p, WHERE_VALUE);
		if (r >= 0 && p->token.kind == TOKEN_OPEN)
			r = parse_list(p);
		else if (r >= 0 && is_value(&p->token))
			r = add_value(p) < 0 ? ERR_LIMIT : step(p, WHERE_TERM);
		else if (r >= 0)
			r = fail(p, "here a value is expected: a word, \"a text\", /an expression/ or a list (a,b)");
	} else if (r >= 0) {
		p->lex.at = name.at + name.n; /* what was looked at may be a term's beginning */
		r = step(p, WHERE_TERM);
	}
	node.n_values = p->tree->n_values - node.values;
	return r < 0 ? r : add_node(p, node, ret_node);
}

static int parse_inner(struct parser *p, uint32_t *ret_node)
{
	size_t opened = p->token.at;
	int r = step(p, WHERE_TERM);

	if (r >= 0)
		r = parse_or(p, ret_node);
	if (r < 0)
		return r;
	if (p->token.kind != TOKEN_CLOSE)
		return query_fail(p->lex.error, p->lex.text, p->token.at, p->token.n,
				  "here and, or, a term or the ) of octet %zu is expected", opened);
	return step(p, WHERE_TERM);
}

static int parse_one(struct parser *p, uint32_t *ret_node)
{
	struct query_node node = {.kind = NODE_NOT, .at = p->token.at, .n = p->token.n};
	int r;

	if (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_QUOTED || p->token.kind == TOKEN_REGEX)
		return parse_term(p, ret_node);
	if (p->token.kind != TOKEN_OPEN && p->token.kind != TOKEN_NOT)
		return fail(p, "here a term begins: a name and an operator, a word, \"a text\", not or (");
	if (++p->depth > QUERY_DEPTH_MAX)
		return query_fail(p->lex.error, p->lex.text, p->token.at, p->token.n,
				  "parentheses and nots lie within one another at most %d deep", QUERY_DEPTH_MAX);
	if (p->token.kind == TOKEN_OPEN) {
		r = parse_inner(p, ret_node);
	} else {
		r = step(p, WHERE_TERM);
		if (r >= 0)
			r = parse_one(p, &node.last);
		if (r >= 0)
			r = add_node(p, node, ret_node);
	}
	p->depth--;
	return r;
}

/* Joins *into and `more` as children of a node of that kind, which *into is from the second one on. */
static int join(struct parser *p, uint8_t kind, uint32_t first, uint32_t more, uint32_t *into)
{
	int r = 0;

	if (*into == first)
		r = add_node(p, (struct query_node){.kind = kind, .last = first}, into);
	if (r < 0)
		return r;
	p->tree->nodes[more - 1].before = p->tree->nodes[*into - 1].last;
	p->tree->nodes[*into - 1].last = more;
	return 0;
}

static bool begins_term(uint8_t kind)
{
	return kind == TOKEN_WORD || kind == TOKEN_QUOTED || kind == TOKEN_REGEX || kind == TOKEN_OPEN ||
	       kind == TOKEN_NOT;
}

static int parse_and(struct parser *p, uint32_t *ret_node)
{
	uint32_t first, more;
	int r = parse_one(p, &first);

	*ret_node = first;
	while (r >= 0 && (p->token.kind == TOKEN_AND || begins_term(p->token.kind))) {
		if (p->token.kind == TOKEN_AND)
			r = step(p, WHERE_TERM);
		if (r >= 0)
			r = parse_one(p, &more);
		if (r >= 0)
			r = join(p, NODE_AND, first, more, ret_node);
	}
	return r;
}

static int parse_or(struct parser *p, uint32_t *ret_node)
{
	uint32_t first, more;
	int r = parse_and(p, &first);

	*ret_node = first;
	while (r >= 0 && p->token.kind == TOKEN_OR) {
		r = step(p, WHERE_TERM);
		if (r >= 0)
			r = parse_and(p, &more);
		if (r >= 0)
			r = join(p, NODE_OR, first, more, ret_node);
	}
	return r;
}

int query_parse(const char *text, size_t n, struct query_tree *ret_tree, struct query_error *ret_error)
{
	struct parser p = {.tree = ret_tree};
	int r;

	*ret_tree = (struct query_tree){.text = text, .n = n};
	p.lex = (struct query_lex){.text = text, .n = n, .arena = &ret_tree->arena, .error = ret_error};
	if (n > QUERY_TEXT_MAX) {
		(void) query_fail(ret_error, text, QUERY_TEXT_MAX, 0, "an expression has at most %d octets",
				  QUERY_TEXT_MAX);
		return ERR_LIMIT;
	}
	r = step(&p, WHERE_TERM);
	if (r < 0 || p.token.kind == TOKEN_END)
		return r;
	r = parse_or(&p, &ret_tree->root);
	if (r >= 0 && p.token.kind != TOKEN_END)
		r = fail(&p, "there is no ( for it; here and, or, a term or the end is expected");
	return r;
}

void query_tree_finish(struct query_tree *t)
{
	free(t->nodes);
	free(t->values);
	arena_finish(&t->arena);
	*t = (struct query_tree){0};
}
