/* An expression's text in tokens. What a word may hold depends on where it stands: a name ends at an operator, a value
 * ("00:1d:aa", "1..13", "2026-03-01T03:00") does not. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "query/error.h"

#define QUERY_TEXT_MAX 65536 /* octets of an expression */

enum query_token_kind {
	TOKEN_END,
	TOKEN_OPEN,  /* ( */
	TOKEN_CLOSE, /* ) */
	TOKEN_COMMA,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_OP,     /* .op */
	TOKEN_WORD,   /* as it stands */
	TOKEN_QUOTED, /* "text", its quotation marks and backslashes taken away */
	TOKEN_REGEX,  /* /text/ or /text/i */
};
enum query_op { OP_HAS /* : */, OP_IS /* = */, OP_NOT /* != */, OP_LESS, OP_LEAST, OP_MORE, OP_MOST, OP_REGEX /* ~ */ };
/* Where it stands. */
enum query_where {
	WHERE_TERM,  /* a term may begin */
	WHERE_OP,    /* behind a name */
	WHERE_VALUE, /* behind an operator */
	WHERE_ITEM,  /* in a list */
};

struct query_token {
	uint8_t kind, op;
	bool caseless;    /* a regular expression's */
	size_t at, n;     /* octets of the expression */
	const char *text; /* NUL behind it; in the lexer's arena */
	size_t len;
};

struct query_lex {
	const char *text;
	size_t n, at;
	struct arena *arena;
	struct query_error *error;
};

/* The next token, which `lex` is then behind. Negative, with lex->error, for what is none. */
int query_lex_next(struct query_lex *lex, enum query_where where, struct query_token *ret_token);
/* Whether n octets are an address or its beginning: pairs of hexadecimal digits joined by ':', and a mask. */
bool query_is_address(const char *s, size_t n);
