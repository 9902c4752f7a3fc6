/* Perl-compatible expressions that come from users: PCRE2 with a match limit. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define REGEX_BYTES 1024
#define REGEX_ERROR_SIZE 192

struct regex;
/* NULL with a sentence in ret_error. */
struct regex *regex_compile(const char *text, char ret_error[REGEX_ERROR_SIZE]);
void regex_free(struct regex *r);
/* True if the expression is found anywhere in the n bytes. Any thread. */
bool regex_match(const struct regex *r, const char *text, size_t n);
