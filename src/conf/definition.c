#include "conf/definition.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/secret.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct definition_option *) a)->name, ((const struct definition_option *) b)->name);
}

struct reading {
	char *at;
	unsigned option;      /* which is read, from 1; 0: the interface */
	const char *previous; /* the name of the option before it; NULL: none */
	char *error;
};

static int fail(const struct reading *r, const char *before, const char *behind)
{
	char where[32] = "its interface";

	if (r->option)
		(void) snprintf(where, sizeof(where), "option %u", r->option);
	(void) snprintf(r->error, DEFINITION_ERROR_SIZE, "%s%s%s", before, where, behind);
	return ERR_MALFORMED;
}

/* Takes quoted text, unescapes it in place, and goes behind its closing quote. */
static int take_quoted(struct reading *r, const char **ret_text)
{
	char *s = r->at + 1, *to = s;

	*ret_text = s;
	for (; *s && *s != '"'; s++) {
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		*to++ = *s;
	}
	if (!*s)
		return fail(r, "has a double quote in ", " that is not closed");
	r->at = s + 1;
	*to = '\0';
	return 0;
}

/* Goes behind the separator, or stays at the end. */
static int take_separator(struct reading *r, char separator)
{
	r->at += strspn(r->at, " ");
	if (*r->at && *r->at != separator)
		return fail(r, "has more text behind the closing quote of ",
			    separator == ':' ? ": expected ':'" : ": expected ','");
	if (*r->at)
		*r->at++ = '\0';
	return 0;
}

static int take_value(struct reading *r, const char **ret_value)
{
	int err;

	if (*r->at == '"') {
		err = take_quoted(r, ret_value);
		return err < 0 ? err : take_separator(r, ',');
	}
	*ret_value = r->at;
	r->at += strcspn(r->at, ",");
	if (*r->at)
		*r->at++ = '\0';
	return 0;
}

/* An option of so many octets is none. It is shown unless it may be the rest of a secret with a comma, or behind the
 * colon of a URL with a password. */
static int fail_without_equals(const struct reading *r, const char *s, size_t n)
{
	char part[64], behind[192];

	(void) snprintf(part, sizeof(part), ":%.*s", (int) (n < 60 ? n : 60), s);
	secret_mask(part, sizeof(part));
	if (r->previous && secret_is_name(r->previous, strlen(r->previous)))
		(void) strcpy(part, ":***");
	(void) snprintf(behind, sizeof(behind),
			", '%s': a file name or value that holds ':' or ',' has to be in double quotes, as in "
			"\"/data/12:30.pcap\":name=\"a,b\"",
			part + 1);
	return fail(r, "has no '=' in ", behind);
}

static int take_option(struct reading *r, struct definition_option *ret_option)
{
	char *s, *equals;

	r->at += strspn(r->at, " ");
	s = r->at;
	equals = s + strcspn(s, "=,");
	if (*equals != '=')
		return fail_without_equals(r, s, (size_t) (equals - s));
	if (equals == s)
		return fail(r, "has no name before the '=' of ", "");
	for (char *end = equals; end > s && end[-1] == ' '; end--)
		end[-1] = '\0';
	*equals = '\0';
	for (ret_option->name = s; *s; s++)
		*s = (char) tolower((unsigned char) *s);
	r->previous = ret_option->name;
	r->at = equals + 1;
	return take_value(r, &ret_option->value);
}

static int take_interface(struct reading *r, struct definition *ret_def)
{
	int err = 0;

	ret_def->interface = r->at;
	if (*r->at == '"') {
		err = take_quoted(r, &ret_def->interface);
		if (err >= 0)
			err = take_separator(r, ':');
	} else {
		r->at += strcspn(r->at, ":");
		if (*r->at)
			*r->at++ = '\0';
	}
	if (err >= 0 && *ret_def->interface == '\0')
		return fail(r, "does not say what to capture: ", " is empty");
	return err;
}

int definition_read(const char *text, struct definition *ret_def, char ret_error[DEFINITION_ERROR_SIZE])
{
	struct reading r = {.at = ret_def->text, .error = ret_error};
	size_t n = strlen(text);
	int err;

	ret_def->n_options = 0;
	ret_def->interface = "";
	if (n >= sizeof(ret_def->text)) {
		(void) snprintf(ret_error, DEFINITION_ERROR_SIZE, "is longer than %zu octets",
				sizeof(ret_def->text) - 1);
		return ERR_LIMIT;
	}
	memcpy(ret_def->text, text, n + 1);
	err = take_interface(&r, ret_def);
	while (err >= 0 && *r.at) {
		if (ret_def->n_options == DEFINITION_OPTIONS_MAX) {
			(void) snprintf(ret_error, DEFINITION_ERROR_SIZE, "has more than %d options",
					DEFINITION_OPTIONS_MAX);
			return ERR_LIMIT;
		}
		r.option++;
		err = take_option(&r, &ret_def->options[ret_def->n_options]);
		ret_def->n_options += err >= 0;
	}
	qsort(ret_def->options, ret_def->n_options, sizeof(ret_def->options[0]), by_name);
	return err;
}

int definition_parse(const char *text, struct definition *ret_def)
{
	char error[DEFINITION_ERROR_SIZE];

	return definition_read(text, ret_def, error);
}

static void put(char *ret, size_t size, size_t *n, char c)
{
	if (*n + 1 < size)
		ret[*n] = c;
	++*n;
}

int definition_quote(const char *text, char *ret, size_t size)
{
	size_t n = 0;

	if (!strpbrk(text, ",:\" "))
		return snprintf(ret, size, "%s", text);
	put(ret, size, &n, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			put(ret, size, &n, '\\');
		put(ret, size, &n, *text);
	}
	put(ret, size, &n, '"');
	if (size)
		ret[n < size ? n : size - 1] = '\0';
	return (int) n;
}

const char *definition_get(const struct definition *def, const char *name)
{
	for (unsigned i = 0; i < def->n_options; i++)
		if (strcmp(def->options[i].name, name) == 0)
			return def->options[i].value;
	return NULL;
}

bool definition_yes(const struct definition *d, const char *name, bool standard)
{
	static const char *const words[] = {"true", "yes", "on", "1"};
	const char *value = definition_get(d, name);

	for (size_t i = 0; value && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return value ? false : standard;
}
