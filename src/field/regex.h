/* Perl-compatible expressions that come from users: PCRE2 with a match limit. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define REGEX_BYTES 1024
#define REGEX_ERROR_SIZE 192

struct regex;
/* NULL with a sentence in ret_error. */
struct regex *regex_compile(const char *text, char ret_error[REGEX_ERROR_SIZE]);
/* As regex_compile(), also without regard to case; *ret_offset is where in the text the error is. */
struct regex *regex_compile_at(const char *text, bool caseless, size_t *ret_offset, char ret_error[REGEX_ERROR_SIZE]);
void regex_free(struct regex *r);
/* True if the expression is found anywhere in the n bytes. Any thread. */
bool regex_match(const struct regex *r, const char *text, size_t n);

/* What a thread keeps for many matches. */
struct regex_space;
struct regex_space *regex_space_create(void);
void regex_space_free(struct regex_space *space);
/* As regex_match(), of the thread that has the space; false once the thread's budget is over (base/budget.h). */
bool regex_match_in(const struct regex *r, struct regex_space *space, const char *text, size_t n);
