#include "base/secret.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define MASK "***"

/* Parts of the names of options whose values are secret. */
static const char *const secret_names[] = {"pass", "pwd", "secret", "key", "token", "psk", "auth", "credential"};

static bool is_name_char(char c)
{
	return isalnum((unsigned char) c) || c == '_' || c == '-';
}

bool secret_is_name(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++) {
		size_t length = strlen(secret_names[i]);

		for (size_t at = 0; at + length <= n; at++)
			if (strncasecmp(name + at, secret_names[i], length) == 0)
				return true;
	}
	return false;
}

/* An option's value begins behind text[at], an '=', and is secret. */
static bool begins_secret(const char *text, size_t at)
{
	size_t n = 0;

	while (at && text[at - 1] == ' ')
		at--;
	while (n < at && is_name_char(text[at - n - 1]))
		n++;
	return secret_is_name(text + at - n, n);
}

/* At a comma, behind which another option begins. */
static bool is_next_option(const char *p)
{
	size_t n;

	p += 1 + strspn(p + 1, " ");
	for (n = 0; is_name_char(p[n]);)
		n++;
	return n && p[n + strspn(p + n, " ")] == '=';
}

/* Octets of a value, with its quotes; a comma in one without quotes is of it, even where its definition is refused. */
static size_t value_length(const char *value)
{
	const char *end = *value == '"' ? strchr(value + 1, '"') : NULL;

	if (strncmp(value, MASK, strlen(MASK)) == 0 && (!value[strlen(MASK)] || strchr(",:' \"", value[strlen(MASK)])))
		return strlen(MASK);
	if (end)
		return (size_t) (end - value) + 1;
	for (end = value; *end && (*end != ',' || !is_next_option(end));)
		end++;
	return (size_t) (end - value);
}

/* Of "user:password@host" behind "//": how many octets the user and the password with its colon have; 0: none. */
static size_t password_in(const char *authority, size_t *ret_user)
{
	size_t n = strcspn(authority, "/?#, \"'"), at = n;

	while (at && authority[at - 1] != '@')
		at--;
	*ret_user = at ? strcspn(authority, ":@") : 0;
	return at && authority[*ret_user] == ':' ? at - 1 - *ret_user : 0;
}

void secret_mask(char *text, size_t size)
{
	struct buf out = {0};
	size_t user, n;

	for (const char *p = text; *p;) {
		if (*p == '=' && begins_secret(text, (size_t) (p - text))) {
			buf_str(&out, "=" MASK);
			p += 1 + value_length(p + 1);
		} else if (strncmp(p, "//", 2) == 0 && (n = password_in(p + 2, &user)) > 0) {
			buf_add(&out, p, 2 + user);
			buf_str(&out, ":" MASK);
			p += 2 + user + n;
		} else {
			buf_char(&out, *p++);
		}
	}
	n = out.len < size ? out.len : size - 1;
	if (n)
		memcpy(text, out.p, n);
	text[n] = '\0';
	buf_finish(&out);
}
