#include "query/compile.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "query/terms.h"

static int compile_node(struct query_build *b, uint32_t number, uint32_t yes, uint32_t no, uint32_t *ret_start);

static bool is_dear(const struct query_tree *tree, uint32_t number)
{
	const struct query_node *node = &tree->nodes[number - 1];

	if (node->kind == NODE_TERM || node->kind == NODE_WORD)
		return query_term_is_dear(tree, node);
	for (uint32_t child = node->last; child; child = tree->nodes[child - 1].before)
		if (is_dear(tree, child))
			return true;
	return false;
}

/* Tests are made from the last to the first, so that each knows where it leads: the dear ones first, which are then
 * asked last. */
static int compile_children(struct query_build *b, const struct query_node *node, uint32_t yes, uint32_t no,
			    uint32_t *ret_start)
{
	bool both = node->kind == NODE_AND;
	uint32_t next = both ? yes : no;

	for (int dear = 1; dear >= 0; dear--)
		for (uint32_t child = node->last; child; child = b->tree->nodes[child - 1].before) {
			int r = 0;

			if (is_dear(b->tree, child) != dear)
				continue;
			r = compile_node(b, child, both ? next : yes, both ? no : next, &next);
			if (r < 0)
				return r;
		}
	*ret_start = next;
	return 0;
}

static int compile_node(struct query_build *b, uint32_t number, uint32_t yes, uint32_t no, uint32_t *ret_start)
{
	const struct query_node *node = &b->tree->nodes[number - 1];

	switch ((enum query_node_kind) node->kind) {
	case NODE_AND:
	case NODE_OR: return compile_children(b, node, yes, no, ret_start);
	case NODE_NOT: return compile_node(b, node->last, no, yes, ret_start);
	case NODE_TERM:
	case NODE_WORD: return query_term_compile(b, node, yes, no, ret_start);
	}
	return ERR_MALFORMED;
}

static bool is_view(const struct query_build *b, const struct query_node *node)
{
	const struct query_name *name =
		node->kind == NODE_TERM ? query_names_find(b->program->record, node->name, strlen(node->name)) : NULL;

	return name && name->kind == QUERY_VIEW;
}

/* What a term that everything has to match says of a column. */
static void bound_by(struct query_build *b, const struct query_node *node)
{
	const struct query_name *name =
		node->kind == NODE_TERM ? query_names_find(b->program->record, node->name, strlen(node->name)) : NULL;
	struct query_bound *bound = name ? &b->program->bounds[name->column] : NULL;
	struct query_range range;
	double now = (double) b->reading.now_sec, least, most;

	if (!name || name->column == COLUMN_NONE || node->n_values != 1 || node->op == OP_NOT ||
	    query_range_read(&b->reading, name, node->op, &b->tree->values[node->values], &range) < 0)
		return;
	least = range.age ? now - range.most : range.least;
	most = range.age ? now - range.least : range.most;
	bound->least = least > bound->least ? least : bound->least;
	bound->most = most < bound->most ? most : bound->most;
}

/* The terms that are joined by and, at the top. */
static int read_top(struct query_build *b)
{
	const struct query_node *top = &b->tree->nodes[b->tree->root - 1];
	uint32_t child = top->kind == NODE_AND ? top->last : b->tree->root;
	unsigned views = 0;

	for (; child; child = top->kind == NODE_AND ? b->tree->nodes[child - 1].before : 0) {
		const struct query_node *node = &b->tree->nodes[child - 1];
		const struct query_token *value = &b->tree->values[node->values];

		if (!is_view(b, node)) {
			bound_by(b, node);
			continue;
		}
		if (b->program->view || node->n_values != 1 || node->op > OP_IS || value->kind == TOKEN_REGEX)
			return query_fail(b->reading.error, b->tree->text, node->at, node->n,
					  "one view may be named, as %s:NAME", node->name);
		b->program->view = arena_copy(&b->program->arena, value->text, value->len + 1);
		views++;
	}
	if (views != b->views)
		return query_fail(
			b->reading.error, b->tree->text, b->view_at, b->view_n,
			"a view is joined with the whole rest by and; it stands neither behind or nor behind not");
	return 0;
}

static int compile(struct query_build *b)
{
	int r;

	b->program->start = QUERY_YES;
	if (!b->tree->root)
		return 0;
	r = compile_node(b, b->tree->root, QUERY_YES, QUERY_NO, &b->program->start);
	return r < 0 ? r : read_top(b);
}

struct query_program *query_compile(const struct query_record *record, const char *text, size_t n, uint64_t now_sec,
				    struct query_error *ret_error)
{
	struct query_program *p = xnew(struct query_program, 1);
	struct query_tree tree;
	struct query_build b = {
		.program = p, .tree = &tree, .reading = {.text = text, .error = ret_error, .now_sec = now_sec}};
	int r;

	*ret_error = (struct query_error){0};
	p->record = record;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		p->bounds[i] = (struct query_bound){-INFINITY, INFINITY};
	r = query_parse(text, n, &tree, ret_error);
	if (r >= 0)
		r = compile(&b);
	query_tree_finish(&tree);
	if (r >= 0)
		return p;
	query_program_destroy(p);
	return NULL;
}

void query_program_destroy(struct query_program *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->n_regexes; i++)
		regex_free(p->regexes[i]);
	for (uint32_t i = 0; i < p->n_others; i++)
		free(p->others[i].set->set);
	for (uint32_t i = 0; i < p->n_paths; i++)
		free(p->paths[i]);
	free(p->regexes);
	free(p->others);
	free(p->paths);
	free(p->tests);
	arena_finish(&p->arena);
	free(p);
}

const struct query_record *query_program_record(const struct query_program *p)
{
	return p->record;
}

uint32_t query_program_weight(const struct query_program *p)
{
	return p->n_tests;
}

struct query_bound query_program_bound(const struct query_program *p, enum query_column column)
{
	return p->bounds[column];
}

bool query_program_is_dear(const struct query_program *p)
{
	return p->n_regexes > 0;
}

bool query_program_locks(const struct query_program *p)
{
	bool locks = false;

	for (uint32_t i = 0; i < p->n_paths; i++)
		locks |= p->paths[i]->path.locks;
	return locks;
}

const char *query_program_view(const struct query_program *p)
{
	return p->view;
}

size_t query_others(const struct query_program *p)
{
	return p->n_others;
}

const char *query_other_record(const struct query_program *p, size_t i)
{
	return p->others[i].record;
}

bool query_other_matches(const struct query_program *p, size_t i, const char *text, size_t n)
{
	const struct query_condition *c = p->others[i].patterns;
	struct regex_space *space = c->dear ? regex_space_create() : NULL;
	bool found = c->kind == CONDITION_ANY;

	for (uint32_t k = 0; k < c->n && !found; k++)
		found = query_pattern_match(&c->patterns[k], text, n, space);
	regex_space_free(space);
	return found;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

void query_other_bind(struct query_program *p, size_t i, const uint64_t *addresses, size_t n)
{
	struct query_condition *set = p->others[i].set;

	free(set->set);
	set->set = xnew(uint64_t, n + 1);
	memcpy(set->set, addresses, n * sizeof(*addresses));
	set->n = (uint32_t) n;
	qsort(set->set, n, sizeof(*set->set), ascending);
}
