#include "conf/line.h"

#include <string.h>

#include "base/err.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char) s[i] < ' ' && !is_space(s[i])) || s[i] == 0x7f)
			return false;
	return true;
}

static char *trim(char *s)
{
	size_t n;

	while (is_space(*s))
		s++;
	for (n = strlen(s); n && is_space(s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* Takes the quotes around the whole value away; those within it, as in `wlan0:name="a b"`, stay. */
static char *unquote(char *value, bool *ret_quoted)
{
	size_t n = strlen(value);
	char *end;

	*ret_quoted = false;
	if (value[0] != '"' || n < 2)
		return value;
	if (n >= 4 && value[1] == '"' && strcmp(value + n - 2, "\"\"") == 0) {
		value[n - 2] = '\0';
		*ret_quoted = true;
		return value + 2;
	}
	end = strchr(value + 1, '"');
	if (!end || (end[1] && !(is_space(end[1]) && end[1 + strspn(end + 1, " \t")] == '#')))
		return value;
	*end = '\0';
	*ret_quoted = true;
	return value + 1;
}

int conf_line_take(char *line, size_t n, struct conf_line *ret_line)
{
	char *text, *equals, *name_end;

	if (!is_text(line, n))
		return ERR_UNSUPPORTED;
	text = trim(line);
	if (*text == '\0' || *text == '#')
		return 0;
	equals = strchr(text, '=');
	*ret_line = (struct conf_line){.value = equals ? equals + 1 : text + strlen(text)};
	if (equals) {
		ret_line->append = equals > text && equals[-1] == '+';
		name_end = equals - ret_line->append;
		*name_end = '\0';
		ret_line->value = unquote(trim(equals + 1), &ret_line->quoted);
	}
	ret_line->name = trim(text);
	return *ret_line->name ? 1 : ERR_MALFORMED;
}

void conf_line_bare(char *value)
{
	bool quoted = false;

	for (char *s = value; *s; s++) {
		if (*s == '"')
			quoted = !quoted;
		if (*s == '#' && !quoted && (s == value || is_space(s[-1]))) {
			*s = '\0';
			break;
		}
	}
	for (size_t n = strlen(value); n && is_space(value[n - 1]); n--)
		value[n - 1] = '\0';
}
