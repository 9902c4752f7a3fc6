#include "conf/definition.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct definition_option *) a)->name, ((const struct definition_option *) b)->name);
}

/* Ends the value at *p and moves *p behind its comma. */
static int take_value(char **p, const char **ret_value)
{
	char *s = *p, *end;

	if (*s == '"') {
		end = strchr(++s, '"');
		if (!end || (end[1] && end[1] != ','))
			return ERR_MALFORMED;
		*p = end[1] ? end + 2 : end + 1;
	} else {
		end = s + strcspn(s, ",");
		*p = *end ? end + 1 : end;
	}
	*end = '\0';
	*ret_value = s;
	return 0;
}

static int take_option(char **p, struct definition_option *ret_option)
{
	char *s = *p, *equals = s + strcspn(s, "=,");

	if (*equals != '=' || equals == s)
		return ERR_MALFORMED;
	*equals = '\0';
	for (ret_option->name = s; *s; s++)
		*s = (char) tolower((unsigned char) *s);
	*p = equals + 1;
	return take_value(p, &ret_option->value);
}

int definition_parse(const char *text, struct definition *ret_def)
{
	size_t n = strlen(text);
	char *p;

	if (n >= sizeof(ret_def->text))
		return ERR_LIMIT;
	memcpy(ret_def->text, text, n + 1);
	ret_def->interface = ret_def->text;
	ret_def->n_options = 0;
	p = ret_def->text + strcspn(ret_def->text, ":");
	if (p == ret_def->text)
		return ERR_MALFORMED;
	if (*p)
		*p++ = '\0';
	while (*p) {
		int r;

		if (ret_def->n_options == DEFINITION_OPTIONS_MAX)
			return ERR_LIMIT;
		r = take_option(&p, &ret_def->options[ret_def->n_options++]);
		if (r < 0)
			return r;
	}
	qsort(ret_def->options, ret_def->n_options, sizeof(ret_def->options[0]), by_name);
	return 0;
}

const char *definition_get(const struct definition *def, const char *name)
{
	for (unsigned i = 0; i < def->n_options; i++)
		if (strcmp(def->options[i].name, name) == 0)
			return def->options[i].value;
	return NULL;
}
