#define PCRE2_CODE_UNIT_WIDTH 8
#include "field/filter.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/budget.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"

struct term {
	struct field_path path;
	pcre2_code *code;
};

struct field_filter {
	const struct field_table *root;
	struct term **terms;
	size_t n;
	pcre2_match_data *match;
	pcre2_match_context *context;
};

struct field_filter *field_filter_create(const struct field_table *root)
{
	struct field_filter *f = xnew(struct field_filter, 1);

	f->root = root;
	f->match = pcre2_match_data_create(1, NULL);
	f->context = pcre2_match_context_create(NULL);
	(void) pcre2_set_match_limit(f->context, (uint32_t) limit_of(LIMIT_MATCH));
	return f;
}

void field_filter_destroy(struct field_filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		pcre2_code_free(f->terms[i]->code);
		free(f->terms[i]);
	}
	pcre2_match_data_free(f->match);
	pcre2_match_context_free(f->context);
	free(f->terms);
	free(f);
}

static pcre2_code *compile(const char *regex, char error[FIELD_ERROR_SIZE])
{
	PCRE2_UCHAR why[128];
	PCRE2_SIZE offset;
	int number;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR) regex, PCRE2_ZERO_TERMINATED, 0, &number, &offset, NULL);

	if (code) {
		(void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
		return code;
	}
	(void) pcre2_get_error_message(number, why, sizeof(why));
	(void) snprintf(error, FIELD_ERROR_SIZE, "Invalid regex: %s at offset %zu of '%.64s'", (const char *) why,
			(size_t) offset, regex);
	return NULL;
}

int field_filter_add(struct field_filter *f, const char *path, const char *regex, char ret_error[FIELD_ERROR_SIZE])
{
	struct term *t;
	int r;

	if (limit_full(LIMIT_EXPRESSIONS, f->n) || strlen(regex) > FIELD_REGEX_BYTES) {
		(void) snprintf(ret_error, FIELD_ERROR_SIZE,
				"Invalid regex: at most %d expressions of %d octets are taken",
				(int) limit_of(LIMIT_EXPRESSIONS), FIELD_REGEX_BYTES);
		return ERR_LIMIT;
	}
	t = xnew(struct term, 1);
	r = field_path_compile(f->root, path, strlen(path), &t->path);
	if (r < 0)
		(void) snprintf(ret_error, FIELD_ERROR_SIZE, "Invalid regex: the field path %s", err_text(r));
	t->code = r < 0 ? NULL : compile(regex, ret_error);
	if (!t->code) {
		free(t);
		return r < 0 ? r : ERR_MALFORMED;
	}
	xgrow(f->terms, f->n + 1);
	f->terms[f->n++] = t;
	return 0;
}

struct matching {
	struct field_filter *filter;
	const pcre2_code *code;
};

static int match_value(const struct field_value *v, void *arg)
{
	struct matching *m = arg;

	if ((v->type != VALUE_TEXT && v->type != VALUE_OCTETS) || budget_over())
		return 0;
	return pcre2_match(m->code, (PCRE2_SPTR) (v->text ? v->text : ""), v->n, 0, 0, m->filter->match,
			   m->filter->context) >= 0;
}

bool field_filter_match(struct field_filter *f, const void *obj, struct field_ctx *ctx)
{
	for (size_t i = 0; i < f->n; i++) {
		struct matching m = {f, f->terms[i]->code};

		if (field_path_each(&f->terms[i]->path, obj, ctx, match_value, &m))
			return true;
	}
	return f->n == 0;
}

struct searching {
	const char *words;
	size_t len;
	bool number; /* a number's text may hold them */
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

/* True if the text holds the words; ASCII letters match in either case. */
static bool holds(const char *text, size_t n, const struct searching *s)
{
	char first = lower(*s->words);

	for (size_t i = 0; i + s->len <= n; i++)
		if (lower(text[i]) == first && strncasecmp(text + i, s->words, s->len) == 0)
			return true;
	return false;
}

static int search_value(const struct field_value *v, void *arg)
{
	const struct searching *s = arg;
	char number[32];

	if (v->type == VALUE_TEXT)
		return holds(v->text, v->n, s);
	if (!s->number)
		return 0;
	switch (v->type) {
	case VALUE_U64: (void) snprintf(number, sizeof(number), "%llu", (unsigned long long) v->u64); break;
	case VALUE_I64: (void) snprintf(number, sizeof(number), "%lld", (long long) v->i64); break;
	case VALUE_REAL: (void) snprintf(number, sizeof(number), "%g", v->real); break;
	default: return 0;
	}
	return strstr(number, s->words) != NULL;
}

bool field_search(const struct field_selection *s, const char *words, const void *obj, struct field_ctx *ctx)
{
	struct searching search = {.words = words, .len = strlen(words)};

	if (*words == '\0')
		return true;
	search.number = strspn(words, "0123456789+-.einfa") == search.len;
	for (size_t i = 0; i < field_selection_count(s); i++)
		if (field_path_each(field_selection_path(s, i), obj, ctx, search_value, &search))
			return true;
	return false;
}
