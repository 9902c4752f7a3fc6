#include "query/complete.h"

/* Reads the values behind an operator; false when the position is among them. */
static bool pass_values(struct query_lex *l, struct query_position *ret)
{
	enum query_where where = WHERE_VALUE;
	struct query_token t;

	for (;;) {
		ret->from = l->n;
		if (query_lex_next(l, where, &t) < 0) { /* such as a text whose end is not typed yet */
			ret->from = l->error->at;
			return false;
		}
		if (t.kind == TOKEN_END)
			return false;
		if (t.kind == TOKEN_OPEN && where == WHERE_VALUE) {
			where = WHERE_ITEM;
			continue;
		}
		if (t.kind == TOKEN_CLOSE)
			return true;
		ret->from = t.at;
		if (t.kind == TOKEN_WORD && l->at == l->n)
			return false;
		if (where == WHERE_VALUE)
			return true;
	}
}

/* One term, or what joins terms; false when the position is in it. */
static bool pass_one(const struct query_record *record, struct query_lex *l, struct query_position *ret)
{
	struct query_token name, t;
	size_t behind;

	ret->from = l->n;
	if (query_lex_next(l, WHERE_TERM, &name) < 0 || name.kind == TOKEN_END)
		return false;
	ret->from = name.at;
	behind = l->at;
	if (name.kind != TOKEN_WORD) {
		ret->behind = name.kind == TOKEN_CLOSE || name.kind == TOKEN_QUOTED || name.kind == TOKEN_REGEX;
		ret->want = ret->behind ? WANT_OP : WANT_TERM;
		return true;
	}
	if (behind == l->n) { /* it may go on */
		ret->want = WANT_TERM;
		return false;
	}
	if (query_lex_next(l, WHERE_OP, &t) < 0 || t.kind != TOKEN_OP) {
		l->at = behind;
		ret->want = WANT_OP;
		ret->behind = true;
		return true;
	}
	ret->want = WANT_VALUE;
	ret->name = query_names_find(record, name.text, name.len);
	if (!pass_values(l, ret))
		return false;
	ret->want = WANT_OP;
	ret->behind = true;
	ret->name = NULL;
	return true;
}

void query_position_find(const struct query_record *record, const char *text, size_t at,
			 struct query_position *ret_position)
{
	struct arena arena = {0};
	struct query_error error;
	struct query_lex lex = {.text = text, .n = at, .arena = &arena, .error = &error};

	*ret_position = (struct query_position){.want = WANT_TERM};
	while (pass_one(record, &lex, ret_position))
		;
	arena_finish(&arena);
}
