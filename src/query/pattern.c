#include "query/pattern.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

static bool is_letter(char c)
{
	return isalnum((unsigned char) c) || (unsigned char) c >= 0x80;
}

/* Where the pattern is in the text from `from` on; n: nowhere. */
static size_t find(const struct query_pattern *p, const char *text, size_t n, size_t from)
{
	char first = lower(*p->text);

	for (size_t i = from; i + p->n <= n; i++)
		if (lower(text[i]) == first && strncasecmp(text + i, p->text, p->n) == 0)
			return i;
	return n;
}

/* Neither letters nor digits go on before or behind it. */
static bool find_word(const struct query_pattern *p, const char *text, size_t n)
{
	for (size_t i = find(p, text, n, 0); i < n; i = find(p, text, n, i + 1))
		if ((i == 0 || !is_letter(text[i - 1])) && (i + p->n == n || !is_letter(text[i + p->n])))
			return true;
	return false;
}

/* After a mismatch the last star takes one octet more: at most n times the pattern's length steps. */
static bool glob(const struct query_pattern *p, const char *text, size_t n)
{
	size_t i = 0, k = 0, star = SIZE_MAX, again = 0;

	while (i < n) {
		if (k < p->n && p->text[k] == '*') {
			star = k++;
			again = i;
		} else if (k < p->n && (p->text[k] == '?' || lower(p->text[k]) == lower(text[i]))) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++again;
		} else {
			return false;
		}
	}
	while (k < p->n && p->text[k] == '*')
		k++;
	return k == p->n;
}

bool query_pattern_match(const struct query_pattern *p, const char *text, size_t n, struct regex_space *space)
{
	switch ((enum query_pattern_kind) p->kind) {
	case PATTERN_HAS: return p->n == 0 || find(p, text, n, 0) < n;
	case PATTERN_WORD: return p->n == 0 ? n == 0 : find_word(p, text, n);
	case PATTERN_IS: return n == p->n && (n == 0 || strncasecmp(text, p->text, n) == 0);
	case PATTERN_EXACT: return n == p->n && (n == 0 || memcmp(text, p->text, n) == 0);
	case PATTERN_GLOB: return glob(p, text, n);
	case PATTERN_REGEX: return regex_match_in(p->regex, space, text, n);
	}
	return false;
}
