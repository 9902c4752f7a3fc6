#define PCRE2_CODE_UNIT_WIDTH 8
#include "field/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "base/mem.h"

struct regex {
	pcre2_code *code;
};

struct regex *regex_compile(const char *text, char ret_error[REGEX_ERROR_SIZE])
{
	PCRE2_UCHAR why[128];
	PCRE2_SIZE offset;
	struct regex *r;
	int number;
	pcre2_code *code;

	if (strlen(text) > REGEX_BYTES) {
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "it is longer than %d octets", REGEX_BYTES);
		return NULL;
	}
	code = pcre2_compile((PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED, 0, &number, &offset, NULL);
	if (!code) {
		(void) pcre2_get_error_message(number, why, sizeof(why));
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "%s at offset %zu of '%.40s'", (const char *) why,
				(size_t) offset, text);
		return NULL;
	}
	(void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	r = xnew(struct regex, 1);
	r->code = code;
	return r;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	free(r);
}

bool regex_match(const struct regex *r, const char *text, size_t n)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	int found;

	(void) pcre2_set_match_limit(context, (uint32_t) limit_of(LIMIT_MATCH));
	found = pcre2_match(r->code, (PCRE2_SPTR) (text ? text : ""), n, 0, 0, data, context);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return found >= 0;
}
