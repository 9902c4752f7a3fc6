#include "base/hex.h"

const char hex_upper[17] = "0123456789ABCDEF", hex_lower[17] = "0123456789abcdef";

int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char) (c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(const char *text, uint8_t *ret, size_t n)
{
	for (size_t i = 0; text && i < n; i++) {
		int high = hex_value(text[2 * i]), low = high < 0 ? -1 : hex_value(text[2 * i + 1]);

		if (low < 0)
			return false;
		ret[i] = (uint8_t) (high << 4 | low);
	}
	return text && text[2 * n] == '\0';
}

char *hex_write(char *to, const char digits[17], const void *octets, size_t n)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < n; i++) {
		*to++ = digits[p[i] >> 4];
		*to++ = digits[p[i] & 15];
	}
	return to;
}
