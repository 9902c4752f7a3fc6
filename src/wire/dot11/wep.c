#include "wire/dot11/wep.h"

#include <string.h>

#include "base/crc.h"

struct rc4 {
	uint8_t s[256], i, j;
};

static void swap(uint8_t *a, uint8_t *b)
{
	uint8_t t = *a;

	*a = *b;
	*b = t;
}

static void rc4_start(struct rc4 *r, const uint8_t *key, size_t n)
{
	uint8_t j = 0;

	for (unsigned i = 0; i < 256; i++)
		r->s[i] = (uint8_t) i;
	for (unsigned i = 0; i < 256; i++) {
		j = (uint8_t) (j + r->s[i] + key[i % n]);
		swap(&r->s[i], &r->s[j]);
	}
	r->i = r->j = 0;
}

static uint8_t rc4_next(struct rc4 *r)
{
	r->i++;
	r->j = (uint8_t) (r->j + r->s[r->i]);
	swap(&r->s[r->i], &r->s[r->j]);
	return r->s[(uint8_t) (r->s[r->i] + r->s[r->j])];
}

bool wep_decrypt(struct span body, const struct wep_key *key, uint8_t *scratch, struct span *ret_clear)
{
	uint8_t seed[3 + WEP_KEY_MAX];
	const uint8_t *iv = span_take(&body, 3);
	uint8_t number = span_u8(&body);
	struct rc4 r;
	struct span icv;
	size_t n = body.left;

	/* Bit 5 of the key's octet is of TKIP and CCMP. */
	if (body.bad || (number & 0x20) || n < 5 || n > WEP_BODY_MAX || key->n == 0)
		return false;
	memcpy(seed, iv, 3);
	memcpy(seed + 3, key->b, key->n);
	rc4_start(&r, seed, 3u + key->n);
	for (size_t i = 0; i < n; i++)
		scratch[i] = body.p[i] ^ rc4_next(&r);
	icv = span_of(scratch + n - 4, 4);
	if (span_le32(&icv) != crc_32(scratch, n - 4))
		return false;
	*ret_clear = span_of(scratch, n - 4);
	return true;
}
