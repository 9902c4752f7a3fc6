#include "conf/secret.h"

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

static bool is_secret(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++) {
		size_t length = strlen(secret_names[i]);

		for (size_t at = 0; at + length <= n; at++)
			if (strncasecmp(name + at, secret_names[i], length) == 0)
				return true;
	}
	return false;
}

/* The name right before text[at], an '='; how long it is. */
static size_t name_before(const char *text, size_t at)
{
	size_t n = 0;

	while (n < at && is_name_char(text[at - n - 1]))
		n++;
	return n;
}

/* Octets of a value with its quotes. */
static size_t value_length(const char *value)
{
	const char *end = *value == '"' ? strchr(value + 1, '"') : NULL;

	return end ? (size_t) (end - value) + 1 : strcspn(value, ",");
}

/* Of "user:password@host" behind "://": how many octets the user and the password with its colon have; 0: none. */
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
		if (*p == '=' &&
		    is_secret(p - name_before(text, (size_t) (p - text)), name_before(text, (size_t) (p - text)))) {
			buf_str(&out, "=" MASK);
			p += 1 + value_length(p + 1);
		} else if (strncmp(p, "://", 3) == 0 && (n = password_in(p + 3, &user)) > 0) {
			buf_add(&out, p, 3 + user);
			buf_str(&out, ":" MASK);
			p += 3 + user + n;
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
