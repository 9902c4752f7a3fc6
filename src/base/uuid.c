#include "base/uuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/err.h"
#include "base/hex.h"

void uuid_format(const struct uuid *u, char ret_text[UUID_TEXT_SIZE])
{
	char *t = ret_text;

	for (size_t i = 0; i < 16; i++) {
		t += snprintf(t, 3, "%02X", u->b[i]);
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*t++ = '-';
	}
	*t = '\0';
}

int uuid_parse(const char *s, size_t n, struct uuid *ret_uuid)
{
	struct uuid u = {{0}};
	size_t digits = 0;

	if (n != UUID_TEXT_SIZE - 1)
		return ERR_MALFORMED;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_value(s[i]);

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s[i] != '-')
				return ERR_MALFORMED;
			continue;
		}
		if (digit < 0)
			return ERR_MALFORMED;
		u.b[digits / 2] = (uint8_t) (u.b[digits / 2] << 4 | digit);
		digits++;
	}
	*ret_uuid = u;
	return 0;
}

struct uuid uuid_random(void)
{
	struct uuid u;

	if (getrandom(u.b, sizeof(u.b), 0) != (ssize_t) sizeof(u.b))
		abort();
	u.b[6] = (uint8_t) ((u.b[6] & 0x0f) | 0x40);
	u.b[8] = (uint8_t) ((u.b[8] & 0x3f) | 0x80);
	return u;
}
