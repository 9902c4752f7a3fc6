#include "query/lex.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"

static const struct {
	const char *text;
	uint8_t op;
} ops[] = {{"!=", OP_NOT}, {"<=", OP_LEAST}, {">=", OP_MOST}, {":", OP_HAS},
	   {"=", OP_IS},   {"<", OP_LESS},   {">", OP_MORE},  {"~", OP_REGEX}};
static const struct {
	const char *text;
	uint8_t kind;
} keywords[] = {{"and", TOKEN_AND}, {"&&", TOKEN_AND},  {"or", TOKEN_OR},
		{"||", TOKEN_OR},   {"not", TOKEN_NOT}, {"!", TOKEN_NOT}};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool query_is_address(const char *s, size_t n)
{
	size_t i = 0, pairs = 0;

	while (i + 2 <= n && isxdigit((unsigned char) s[i]) && isxdigit((unsigned char) s[i + 1])) {
		i += 2;
		pairs++;
		if (i == n || s[i] == '/' || (s[i] == ':' && i + 1 == n))
			return pairs > 1 && pairs <= 6;
		if (s[i++] != ':')
			return false;
	}
	return false;
}

static bool is_control(char c)
{
	return (unsigned char) c < 0x20 || c == 0x7f;
}

/* Octets of the word that begins here, up to a blank, a parenthesis or, in a list, a comma. */
static size_t value_length(const struct query_lex *l, enum query_where where)
{
	size_t i = l->at;

	while (i < l->n && l->text[i] != ' ' && !is_control(l->text[i]) && !strchr("()\"", l->text[i]) &&
	       !(where == WHERE_ITEM && l->text[i] == ','))
		i++;
	return i - l->at;
}

/* Octets of a name, which also ends at an operator. */
static size_t name_length(const struct query_lex *l)
{
	size_t n = value_length(l, WHERE_VALUE), i = 0;

	if (query_is_address(l->text + l->at, n))
		return n;
	while (i < n && !strchr(":=<>~,", l->text[l->at + i]) &&
	       !(l->text[l->at + i] == '!' && i + 1 < n && l->text[l->at + i + 1] == '='))
		i++;
	return i;
}

static int take(struct query_lex *l, struct query_token *t, uint8_t kind, size_t n)
{
	char *text = arena_alloc(l->arena, n + 1);

	memcpy(text, l->text + l->at, n);
	text[n] = '\0';
	*t = (struct query_token){.kind = kind, .at = l->at, .n = n, .text = text, .len = n};
	l->at += n;
	return 0;
}

/* Octets up to the mark that has no backslash before it; those left when there is none. */
static size_t marked_length(const struct query_lex *l, char mark)
{
	size_t i = l->at + 1;

	while (i < l->n && l->text[i] != mark)
		i += l->text[i] == '\\' ? 2 : 1;
	return (i < l->n ? i : l->n) - l->at - 1;
}

/* "text" or /text/. Of backslashes only the mark's goes in an expression. */
static int take_marked(struct query_lex *l, struct query_token *t, char mark)
{
	size_t from = l->at + 1, n = marked_length(l, mark), end = from + n, len = 0;
	char *text = arena_alloc(l->arena, n + 1);

	if (end == l->n)
		return query_fail(l->error, l->text, l->at, end - l->at, "the closing %c is missing", mark);
	for (size_t i = from; i < end; i++) {
		if (l->text[i] == '\\' && (mark == '"' || l->text[i + 1] == '/'))
			i++;
		else if (l->text[i] == '\\')
			text[len++] = l->text[i++];
		text[len++] = l->text[i];
	}
	text[len] = '\0';
	*t = (struct query_token){
		.kind = mark == '/' ? TOKEN_REGEX : TOKEN_QUOTED, .at = l->at, .text = text, .len = len};
	l->at = end + 1;
	if (mark == '/' && l->at < l->n && l->text[l->at] == 'i') {
		t->caseless = true;
		l->at++;
	}
	t->n = l->at - t->at;
	if (mark == '/' && l->at < l->n && isalnum((unsigned char) l->text[l->at]))
		return query_fail(l->error, l->text, l->at, 1,
				  "a regular expression ends in /, or in /i to ignore case");
	return 0;
}

static int take_op(struct query_lex *l, struct query_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		size_t n = strlen(ops[i].text);

		if (l->n - l->at < n || memcmp(l->text + l->at, ops[i].text, n) != 0)
			continue;
		(void) take(l, t, TOKEN_OP, n);
		t->op = ops[i].op;
		return 0;
	}
	return ERR_NOT_FOUND;
}

static int take_word(struct query_lex *l, struct query_token *t, enum query_where where)
{
	size_t n = where == WHERE_TERM ? name_length(l) : value_length(l, where);
	uint8_t kind = TOKEN_WORD;

	if (where == WHERE_TERM && n > 1 && l->text[l->at] == '!') /* "!name" */
		n = 1;
	if (n == 0)
		return query_fail(l->error, l->text, l->at, 1,
				  "here a term begins: a name and an operator, a word, \"a text\", not or (");
	for (size_t i = 0; where == WHERE_TERM && i < ARRAY_SIZE(keywords); i++)
		if (n == strlen(keywords[i].text) && strncasecmp(l->text + l->at, keywords[i].text, n) == 0)
			kind = keywords[i].kind;
	return take(l, t, kind, n);
}

int query_lex_next(struct query_lex *l, enum query_where where, struct query_token *ret_token)
{
	char c;

	while (l->at < l->n && is_blank(l->text[l->at]))
		l->at++;
	if (l->at == l->n) {
		*ret_token = (struct query_token){.kind = TOKEN_END, .at = l->at};
		return 0;
	}
	c = l->text[l->at];
	if (is_control(c))
		return query_fail(l->error, l->text, l->at, 1, "control characters are no part of an expression");
	if (c == '(' || c == ')')
		return take(l, ret_token, c == '(' ? TOKEN_OPEN : TOKEN_CLOSE, 1);
	if (where == WHERE_ITEM && c == ',')
		return take(l, ret_token, TOKEN_COMMA, 1);
	if (where == WHERE_OP)
		return take_op(l, ret_token);
	if (c == '"' || c == '/')
		return take_marked(l, ret_token, c);
	return take_word(l, ret_token, where);
}
