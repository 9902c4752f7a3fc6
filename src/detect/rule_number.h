/* The numbers of rules: from their rows, as norn_alert_threshold= changes them, and in the texts that name them. */
#pragma once
#include "base/buf.h"
#include "detect/rules.h"

#define RULE_MOST_MAX (UINT16_MAX - 1) /* a burst counts no further (scope.h) */
#define RULE_TIME_MAX_MS 86400000u

/* The row that defines the alert: the row itself, or the first of its name. */
const struct rule *rule_definition(const struct rule *r);
/* The numbers of every row; ret has room for rule_count. A row that only looks elsewhere has those of its
 * definition. */
void rule_numbers_read(struct rule_numbers *ret);
/* Changes the numbers of all rows of a name as "NAME:most=20,within=2s" says. False, with a sentence in ret_error and
 * nothing changed, when that cannot be read. */
#define RULE_ERROR_SIZE 160
bool rule_numbers_set(struct rule_numbers *all, const char *text, char ret_error[RULE_ERROR_SIZE]);
/* Writes the number of that name ("most", "within") in words, "10" or "5 minutes"; false when there is none. */
bool rule_number_text(const struct rule_numbers *n, const char *name, size_t length, struct buf *out);
/* Writes them as the option takes them: "most=10,within=1s". */
void rule_numbers_print(const struct rule_numbers *n, struct buf *out);
/* Writes the text with the names of its numbers in braces replaced by them; other names stay as they are. */
void rule_describe(const char *text, const struct rule_numbers *n, struct buf *out);
