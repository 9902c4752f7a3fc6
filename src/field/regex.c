#define PCRE2_CODE_UNIT_WIDTH 8
#include "field/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "base/budget.h"
#include "base/limit.h"
#include "base/mem.h"

struct regex {
	pcre2_code *code;
};

struct regex *regex_compile_at(const char *text, bool caseless, size_t *ret_offset, char ret_error[REGEX_ERROR_SIZE])
{
	PCRE2_UCHAR why[128];
	struct regex *r;
	int number;
	pcre2_code *code;

	*ret_offset = 0;
	if (strlen(text) > REGEX_BYTES) {
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "it is longer than %d octets", REGEX_BYTES);
		return NULL;
	}
	code = pcre2_compile((PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED, caseless ? PCRE2_CASELESS : 0, &number,
			     ret_offset, NULL);
	if (!code) {
		(void) pcre2_get_error_message(number, why, sizeof(why));
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "%s at offset %zu of '%.40s'", (const char *) why,
				*ret_offset, text);
		return NULL;
	}
	(void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	r = xnew(struct regex, 1);
	r->code = code;
	return r;
}

struct regex *regex_compile(const char *text, char ret_error[REGEX_ERROR_SIZE])
{
	size_t offset;

	return regex_compile_at(text, false, &offset, ret_error);
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	free(r);
}

struct regex_space {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

struct regex_space *regex_space_create(void)
{
	struct regex_space *space = xnew(struct regex_space, 1);

	space->data = pcre2_match_data_create(1, NULL);
	space->context = pcre2_match_context_create(NULL);
	(void) pcre2_set_match_limit(space->context, (uint32_t) limit_of(LIMIT_MATCH));
	return space;
}

void regex_space_free(struct regex_space *space)
{
	if (!space)
		return;
	pcre2_match_context_free(space->context);
	pcre2_match_data_free(space->data);
	free(space);
}

bool regex_match_in(const struct regex *r, struct regex_space *space, const char *text, size_t n)
{
	return !budget_over() &&
	       pcre2_match(r->code, (PCRE2_SPTR) (text ? text : ""), n, 0, 0, space->data, space->context) >= 0;
}

bool regex_match(const struct regex *r, const char *text, size_t n)
{
	struct regex_space *space = regex_space_create();
	bool found = regex_match_in(r, space, text, n);

	regex_space_free(space);
	return found;
}
