#include "base/mac.h"

#include "base/err.h"
#include "base/hex.h"

void mac_format(const struct mac *m, char ret_text[MAC_TEXT_SIZE])
{
	for (size_t i = 0; i < 6; i++) {
		(void) hex_write(ret_text + i * 3, hex_upper, &m->b[i], 1);
		ret_text[i * 3 + 2] = i < 5 ? ':' : '\0';
	}
}

int mac_parse(const char *s, size_t n, struct mac *ret_mac)
{
	struct mac m;

	if (n != MAC_TEXT_SIZE - 1)
		return ERR_MALFORMED;
	for (size_t i = 0; i < 6; i++) {
		int high = hex_value(s[i * 3]), low = hex_value(s[i * 3 + 1]);

		if (high < 0 || low < 0)
			return ERR_MALFORMED;
		if (i < 5 && s[i * 3 + 2] != ':' && s[i * 3 + 2] != '-')
			return ERR_MALFORMED;
		m.b[i] = (uint8_t) (high << 4 | low);
	}
	*ret_mac = m;
	return 0;
}

int mac_mask_parse(const char *s, size_t n, struct mac_mask *ret_mask)
{
	struct mac_mask k = {.mask = mac_of_u64(0xffffffffffff)};
	const char *slash = memchr(s, '/', n);
	size_t first = slash ? (size_t) (slash - s) : n;
	int r;

	r = mac_parse(s, first, &k.mac);
	if (r >= 0 && slash)
		r = mac_parse(slash + 1, n - first - 1, &k.mask);
	if (r < 0)
		return r;
	*ret_mask = k;
	return 0;
}

void mac_mask_format(const struct mac_mask *k, char ret_text[MAC_MASK_TEXT_SIZE])
{
	mac_format(&k->mac, ret_text);
	if (mac_mask_is_whole(k))
		return;
	ret_text[MAC_TEXT_SIZE - 1] = '/';
	mac_format(&k->mask, ret_text + MAC_TEXT_SIZE);
}
