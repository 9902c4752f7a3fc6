#include "serve/form.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes n octets to where they stand and ends them with NUL, for which there is room; how many they are now. */
static size_t decode(char *p, size_t n, bool plus_is_space)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		int high = p[i] == '%' && n - i > 2 ? hex(p[i + 1]) : -1, low = high >= 0 ? hex(p[i + 2]) : -1;

		if (low >= 0)
			p[to++] = (char) (high << 4 | low), i += 2;
		else
			p[to++] = plus_is_space && p[i] == '+' ? ' ' : p[i];
	}
	p[to] = '\0';
	return to;
}

static bool is_break(char c)
{
	return c == '\r' || c == '\n';
}

static size_t pair_end(const char *text, size_t n, size_t from)
{
	const char *end = memchr(text + from, '&', n - from);

	return end ? (size_t) (end - text) : n;
}

/* The offset at which the JSON that begins at `from` closes its first bracket; 0 when it does not. */
static size_t json_end(const char *text, size_t n, size_t from)
{
	bool quoted = false;
	size_t depth = 0;

	for (size_t i = from; i < n; i++) {
		char c = text[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Where a value that is JSON and not encoded ends; 0: it is none. */
static size_t raw_json_end(struct form *f, size_t from, size_t end)
{
	size_t closed;

	while (from < end && (f->text[from] == ' ' || f->text[from] == '\t' || is_break(f->text[from])))
		from++;
	if (f->torn || from == end || (f->text[from] != '{' && f->text[from] != '[') ||
	    !memchr(f->text + from, '"', end - from))
		return 0;
	closed = json_end(f->text, f->n, from);
	f->torn = closed == 0;
	return closed;
}

bool form_next(struct form *f, struct form_pair *ret_pair)
{
	size_t from = f->at, end, equals, raw, last;
	const char *found;

	while (from < f->n && (f->text[from] == '&' || is_break(f->text[from])))
		from++;
	if (from >= f->n)
		return false;
	end = pair_end(f->text, f->n, from);
	found = memchr(f->text + from, '=', end - from);
	equals = found ? (size_t) (found - f->text) : end;
	raw = found ? raw_json_end(f, equals + 1, end) : 0;
	if (raw)
		end = pair_end(f->text, f->n, raw);
	f->at = end < f->n ? end + 1 : f->n;
	for (last = end; last > from && is_break(f->text[last - 1]);)
		last--;
	if (equals > last)
		equals = last;
	f->text[last] = '\0';
	ret_pair->name = f->text + from;
	ret_pair->value = f->text + (equals < last ? equals + 1 : last);
	ret_pair->n = equals < last ? decode(ret_pair->value, last - equals - 1, !raw) : 0;
	(void) decode(ret_pair->name, equals - from, true);
	return true;
}
