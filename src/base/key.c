#include "base/key.h"

#include <string.h>

#include "base/err.h"
#include "base/hex.h"

uint32_t key_phy_hash(const char *name)
{
	uint32_t s1 = 0, s2 = 0;

	if (strlen(name) < 4)
		return 0;
	for (const char *c = name; *c; c++) {
		s1 += (uint8_t) *c;
		s2 += s1;
	}
	return (s1 & 0xffff) + (s2 << 16);
}

/* Hex without leading zeros, at least `least` digits; the end. */
static char *put_hex(char *to, uint64_t v, unsigned least)
{
	unsigned n = v ? (67 - (unsigned) __builtin_clzll(v)) / 4 : 1;

	for (n = n < least ? least : n; n > 0; n--)
		*to++ = hex_upper[v >> (n - 1) * 4 & 15];
	return to;
}

void key_format(const struct key *k, char ret_text[KEY_TEXT_SIZE])
{
	char *to = put_hex(ret_text, __builtin_bswap64(k->phy_hash), 2);

	*to++ = '_';
	*put_hex(to, __builtin_bswap64(mac_u64(&k->mac) << 16), 1) = '\0';
}

static int parse_hex(const char *s, size_t n, uint64_t *ret_value)
{
	uint64_t v = 0;

	if (n == 0 || n > 16)
		return ERR_MALFORMED;
	for (size_t i = 0; i < n; i++) {
		int c = s[i] | 0x20;

		if (s[i] >= '0' && s[i] <= '9')
			v = v << 4 | (uint64_t) (s[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint64_t) (c - 'a' + 10);
		else
			return ERR_MALFORMED;
	}
	*ret_value = __builtin_bswap64(v);
	return 0;
}

int key_parse(const char *s, size_t n, struct key *ret_key)
{
	const char *bar = memchr(s, '_', n);
	uint64_t phy, mac;

	if (!bar)
		return ERR_MALFORMED;
	if (parse_hex(s, (size_t) (bar - s), &phy) < 0)
		return ERR_MALFORMED;
	if (parse_hex(bar + 1, n - (size_t) (bar - s) - 1, &mac) < 0)
		return ERR_MALFORMED;
	if (phy > UINT32_MAX || (mac & 0xffff))
		return ERR_NOT_FOUND;
	*ret_key = (struct key){.phy_hash = (uint32_t) phy, .mac = mac_of_u64(mac >> 16)};
	return 0;
}
