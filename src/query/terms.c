#include "query/terms.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"

bool query_term_is_dear(const struct query_tree *tree, const struct query_node *node)
{
	for (uint32_t i = 0; i < node->n_values; i++)
		if (tree->values[node->values + i].kind == TOKEN_REGEX)
			return true;
	return node->kind == NODE_TERM && node->op == OP_REGEX;
}

static int fail_unknown(struct query_build *b, const struct query_node *node)
{
	const char *like = query_names_like(b->program->record, node->name);

	return query_fail(b->reading.error, b->tree->text, node->at, node->n,
			  "%s have no such name%s%s%s; allowed are the names of /query/names.json, full field paths, "
			  "and \"quoted\" words",
			  b->program->record->name, like ? "; '" : "", like ? like : "", like ? "' is one" : "");
}

/* The name of a term: a row, or one made of a field path in the program's memory. NULL, with an error. */
static const struct query_name *name_of(struct query_build *b, const struct query_node *node)
{
	const struct query_record *record = b->program->record;
	const struct query_name *row = query_names_find(record, node->name, strlen(node->name));
	struct query_name *made;
	struct field_path path;

	if (row)
		return row;
	if (!strchr(node->name, '.') || field_path_compile(record->table, node->name, strlen(node->name), &path) < 0 ||
	    !path.known || !path.row) {
		(void) fail_unknown(b, node);
		return NULL;
	}
	made = arena_alloc(&b->program->arena, sizeof(*made));
	*made = (struct query_name){.name = arena_copy(&b->program->arena, node->name, strlen(node->name) + 1),
				    .kind = (uint8_t) query_kind_of(path.row)};
	made->paths[0] = made->name;
	return made;
}

static const struct field_path *path_of(struct query_program *p, const char *text)
{
	struct query_path *path;

	for (uint32_t i = 0; i < p->n_paths; i++)
		if (strcmp(p->paths[i]->text, text) == 0)
			return &p->paths[i]->path;
	path = xnew(struct query_path, 1);
	path->text = text;
	if (field_path_compile(p->record->table, text, strlen(text), &path->path) < 0)
		path->path.known = false;
	xgrow(p->paths, p->n_paths + 1);
	p->paths[p->n_paths++] = path;
	return &path->path;
}

static bool goes_straight(const struct field_path *path)
{
	for (uint8_t i = 0; i < path->n_steps; i++)
		if (path->steps[i].kind != FIELD_STEP_ROW)
			return false;
	return path->known;
}

/* Which values of an enumeration the patterns are true of. */
static void number_texts(struct query_test *t, const struct field *row)
{
	struct regex_space *space = t->condition->dear ? regex_space_create() : NULL;

	for (unsigned i = 0; i < 256 && row->texts[i]; i++)
		for (uint32_t k = 0; k < t->condition->n; k++)
			if (query_pattern_match(&t->condition->patterns[k], row->texts[i], strlen(row->texts[i]),
						space))
				t->bits[i / 64] |= UINT64_C(1) << i % 64;
	regex_space_free(space);
	t->by_number = true;
}

static int add_test(struct query_build *b, const struct query_node *node, struct query_test t, uint32_t *ret_start)
{
	struct query_program *p = b->program;

	if (p->n_tests == QUERY_TESTS_MAX)
		return query_fail(b->reading.error, b->tree->text, node->at, node->n,
				  "the expression looks at more than %d fields", QUERY_TESTS_MAX);
	t.plain = goes_straight(t.path);
	if (t.plain && t.path->row->kind == FIELD_ENUM && t.condition->kind == CONDITION_PATTERNS)
		number_texts(&t, t.path->row);
	if (p->n_tests == p->cap_tests) {
		p->cap_tests = p->cap_tests ? p->cap_tests * 2 : 8;
		xgrow(p->tests, p->cap_tests);
	}
	p->tests[p->n_tests] = t;
	*ret_start = p->n_tests++;
	return 0;
}

/* A test of each of the name's paths, one of which is enough. */
static int add_tests(struct query_build *b, const struct query_node *node, const struct query_name *name,
		     const struct query_condition *c, uint32_t yes, uint32_t no, uint32_t *ret_start)
{
	bool memo = name->memo && c->kind == CONDITION_PATTERNS && b->program->n_memos < QUERY_MEMOS_MAX;
	int r = 0;

	*ret_start = no;
	for (size_t i = QUERY_PATHS_MAX; i-- > 0 && r >= 0;) {
		struct query_test t = {.condition = c, .on_true = yes, .on_false = *ret_start};

		if (!name->paths[i])
			continue;
		t.path = path_of(b->program, name->paths[i]);
		t.memo = memo ? name->memo : NULL;
		t.memo_slot = memo ? b->program->n_memos++ : 0;
		r = add_test(b, node, t, ret_start);
		memo = memo && b->program->n_memos < QUERY_MEMOS_MAX;
	}
	return r;
}

static struct query_condition *new_condition(struct query_build *b, uint8_t kind, uint8_t of, uint32_t most,
					     size_t size)
{
	struct query_condition *c = arena_alloc(&b->program->arena, sizeof(*c));

	*c = (struct query_condition){.kind = kind, .of = of};
	if (most)
		c->ranges = arena_alloc(&b->program->arena, most * size);
	return c;
}

static int compile_regex(struct query_build *b, const struct query_token *v, struct query_pattern *ret)
{
	struct query_program *p = b->program;
	char why[REGEX_ERROR_SIZE];
	size_t offset = 0;

	if (limit_full(LIMIT_EXPRESSIONS, p->n_regexes))
		return query_fail(b->reading.error, b->tree->text, v->at, v->n,
				  "at most %d regular expressions are taken (norn_max_expressions)",
				  (int) limit_of(LIMIT_EXPRESSIONS));
	ret->regex = regex_compile_at(v->text, v->caseless, &offset, why);
	if (!ret->regex) {
		offset = v->at + (v->kind == TOKEN_REGEX || v->kind == TOKEN_QUOTED) + offset;
		offset = offset < v->at + v->n ? offset : v->at + v->n;
		return query_fail(b->reading.error, b->tree->text, offset, v->at + v->n - offset,
				  "the regular expression is not right: %s", why);
	}
	xgrow(p->regexes, p->n_regexes + 1);
	p->regexes[p->n_regexes++] = ret->regex;
	ret->kind = PATTERN_REGEX;
	return 0;
}

/* How a text is compared behind that operator. */
static uint8_t pattern_kind(uint8_t of, uint8_t op, const struct query_token *v)
{
	if (op == OP_HAS && v->kind == TOKEN_WORD && strpbrk(v->text, "*?"))
		return PATTERN_GLOB;
	if (op == OP_IS || op == OP_NOT)
		return of == QUERY_TEXT ? PATTERN_EXACT : PATTERN_IS;
	if (of == QUERY_TEXT || of == QUERY_OTHER)
		return PATTERN_HAS;
	return of == QUERY_WORDS ? PATTERN_WORD : PATTERN_IS;
}

static int add_pattern(struct query_build *b, struct query_condition *c, uint8_t op, const struct query_token *v)
{
	struct query_pattern *pattern = &c->patterns[c->n];

	*pattern = (struct query_pattern){.kind = pattern_kind(c->of, op, v), .n = v->len};
	pattern->text = arena_copy(&b->program->arena, v->text, v->len + 1);
	c->n++;
	if (v->kind != TOKEN_REGEX && op != OP_REGEX)
		return 0;
	c->dear = true;
	return compile_regex(b, v, pattern);
}

static int add_mask(struct query_build *b, struct query_condition *c, const struct query_token *v)
{
	if (v->kind != TOKEN_REGEX && query_address_read(v->text, &c->masks[c->n])) {
		c->n++;
		return 0;
	}
	return query_fail(b->reading.error, b->tree->text, v->at, v->n,
			  "here an address is expected: 00:1D:AA:00:00:01, 00:1D:AA or 00:1D:AA:00:00:00/24");
}

static bool is_text(uint8_t kind)
{
	return kind == QUERY_TEXT || kind == QUERY_WORDS || kind == QUERY_EXACT || kind == QUERY_OTHER;
}

/* Which form a value's condition has. */
static uint8_t form_of(uint8_t kind, uint8_t op, const struct query_token *v)
{
	if (v->kind == TOKEN_WORD && strcmp(v->text, "*") == 0 && op == OP_HAS)
		return CONDITION_ANY;
	if (is_text(kind))
		return CONDITION_PATTERNS;
	if (kind == QUERY_ADDRESS)
		return op == OP_REGEX || v->kind == TOKEN_REGEX ? CONDITION_PATTERNS : CONDITION_MASKS;
	if (kind == QUERY_CHANNEL && (op == OP_REGEX || (!query_is_number(v) && !strstr(v->text, ".."))))
		return CONDITION_PATTERNS;
	return CONDITION_RANGES;
}

static int check_op(struct query_build *b, const struct query_node *node, const struct query_name *name)
{
	bool text = is_text(name->kind), both = name->kind == QUERY_CHANNEL;
	bool good = node->op == OP_REGEX
			    ? text || both || name->kind == QUERY_ADDRESS
			    : node->op <= OP_NOT || !(text || name->kind == QUERY_ADDRESS || name->kind == QUERY_FLAG ||
						      name->kind == QUERY_VIEW);

	if (good)
		return 0;
	return query_fail(b->reading.error, b->tree->text, node->op_at, node->op_n, "%s is %s; allowed are %s",
			  name->name, query_kind_text(name->kind),
			  text || name->kind == QUERY_ADDRESS ? ": = != ~"
			  : name->kind == QUERY_FLAG          ? ": = !="
			  : name->kind == QUERY_VIEW          ? ": ="
							      : ": = != < <= > >=");
}

/* Fills the conditions of a term, by their form. */
static int read_values(struct query_build *b, const struct query_node *node, const struct query_name *name,
		       struct query_condition *conditions[CONDITION_ANY + 1])
{
	static const size_t sizes[] = {[CONDITION_RANGES] = sizeof(struct query_range),
				       [CONDITION_PATTERNS] = sizeof(struct query_pattern),
				       [CONDITION_MASKS] = sizeof(struct mac_mask),
				       [CONDITION_ANY] = 0};
	int r = 0;

	for (uint32_t i = 0; i < node->n_values && r >= 0; i++) {
		const struct query_token *v = &b->tree->values[node->values + i];
		uint8_t form = form_of(name->kind, node->op, v);
		struct query_condition *c = conditions[form];

		if (!c)
			c = conditions[form] =
				new_condition(b, form, name->kind, sizes[form] ? node->n_values : 0, sizes[form]);
		if (form == CONDITION_RANGES) {
			r = query_range_read(&b->reading, name, node->op, v, &c->ranges[c->n]);
			c->n++;
		} else if (form == CONDITION_PATTERNS) {
			r = add_pattern(b, c, node->op, v);
		} else if (form == CONDITION_MASKS) {
			r = add_mask(b, c, v);
		}
	}
	return r;
}

/* A test whose addresses are bound later. */
static int add_other(struct query_build *b, const struct query_node *node, const struct query_name *name,
		     struct query_condition *patterns, uint32_t yes, uint32_t no, uint32_t *ret_start)
{
	struct query_condition *set = new_condition(b, CONDITION_SET, QUERY_ADDRESS, 0, 0);
	struct query_program *p = b->program;

	xgrow(p->others, p->n_others + 1);
	p->others[p->n_others++] = (struct query_other){name->other, patterns, set};
	return add_tests(b, node, name, set, yes, no, ret_start);
}

static int compile_named(struct query_build *b, const struct query_node *node, uint32_t yes, uint32_t no,
			 uint32_t *ret_start)
{
	const struct query_name *name = name_of(b, node);
	struct query_condition *conditions[CONDITION_ANY + 1] = {NULL};
	int r = name ? check_op(b, node, name) : ERR_MALFORMED;

	if (r >= 0 && name->kind == QUERY_VIEW) {
		b->views++;
		b->view_at = node->at;
		b->view_n = node->n;
		*ret_start = yes;
		return 0;
	}
	if (r >= 0)
		r = read_values(b, node, name, conditions);
	if (node->op == OP_NOT) {
		uint32_t turned = yes;

		yes = no;
		no = turned;
	}
	*ret_start = no;
	for (size_t i = ARRAY_SIZE(conditions); i-- > 0 && r >= 0;)
		if (conditions[i] && name->kind == QUERY_OTHER)
			r = add_other(b, node, name, conditions[i], yes, *ret_start, ret_start);
		else if (conditions[i])
			r = add_tests(b, node, name, conditions[i], yes, *ret_start, ret_start);
	return r;
}

/* The word's pattern; one with wildcards may stand anywhere in a text, too. */
static int word_pattern(struct query_build *b, struct query_condition *c, const struct query_token *v)
{
	bool wild = v->kind == TOKEN_WORD && strpbrk(v->text, "*?");
	struct query_token all = *v;
	char *text;

	c->of = QUERY_TEXT;
	if (!wild)
		return add_pattern(b, c, OP_HAS, v);
	text = arena_alloc(&b->program->arena, v->len + 3);
	(void) snprintf(text, v->len + 3, "*%s*", v->text);
	all.text = text;
	all.len = v->len + 2;
	return add_pattern(b, c, OP_HAS, &all);
}

/* A word without a name: in one of the names that say so. Of addresses, only what can be a part of one. */
static int compile_word(struct query_build *b, const struct query_node *node, uint32_t yes, uint32_t no,
			uint32_t *ret_start)
{
	const struct query_token *v = &b->tree->values[node->values];
	bool address = v->kind == TOKEN_WORD && query_is_address(v->text, v->len);
	bool part = v->kind == TOKEN_REGEX || v->text[strspn(v->text, "0123456789abcdefABCDEF:")] == '\0';
	struct query_condition *c = new_condition(b, address ? CONDITION_MASKS : CONDITION_PATTERNS, QUERY_ADDRESS, 1,
						  sizeof(struct query_pattern) + sizeof(struct mac_mask));
	const struct query_name *name;
	int r = address ? add_mask(b, c, v) : word_pattern(b, c, v);
	size_t n = 0;

	while (query_names_at(b->program->record, n))
		n++;
	*ret_start = no;
	while (r >= 0 && n-- > 0) {
		name = query_names_at(b->program->record, n);
		if (!name->bare || (name->kind == QUERY_ADDRESS ? !address && !part : address))
			continue;
		r = add_tests(b, node, name, c, yes, *ret_start, ret_start);
	}
	return r;
}

int query_term_compile(struct query_build *b, const struct query_node *node, uint32_t yes, uint32_t no,
		       uint32_t *ret_start)
{
	return node->kind == NODE_TERM ? compile_named(b, node, yes, no, ret_start)
				       : compile_word(b, node, yes, no, ret_start);
}
