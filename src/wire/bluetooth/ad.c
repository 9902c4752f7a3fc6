#include "wire/bluetooth/ad.h"

#include <stdio.h>
#include <string.h>

struct mac ad_address(struct span *s)
{
	const uint8_t *p = span_take(s, 6);

	return (struct mac){{p[5], p[4], p[3], p[2], p[1], p[0]}};
}

bool ad_next(struct span *data, uint8_t *ret_type, struct span *ret_body)
{
	uint8_t n;

	if (data->bad || data->left == 0)
		return false;
	n = span_u8(data);
	if (n == 0) {
		data->left = 0; /* early termination */
		return false;
	}
	*ret_body = span_sub(data, n);
	if (data->bad)
		return false;
	*ret_type = span_u8(ret_body);
	return true;
}

bool ad_find(struct span data, uint8_t type, struct span *ret_body)
{
	uint8_t have;

	while (ad_next(&data, &have, ret_body))
		if (have == type)
			return true;
	return false;
}

struct span ad_name(struct span data)
{
	struct span body;

	if (ad_find(data, AD_NAME, &body) || ad_find(data, AD_NAME_SHORT, &body))
		return body;
	return (struct span){0};
}

void ad_uuid_text(struct span octets, char ret_text[AD_UUID_TEXT_SIZE])
{
	/* 0000xxxx-0000-1000-8000-00805f9b34fb, the first octet last */
	uint8_t u[16] = {0xfb, 0x34, 0x9b, 0x5f, 0x80, 0, 0, 0x80, 0, 0x10, 0, 0, 0, 0, 0, 0};

	if (octets.left >= 16)
		memcpy(u, octets.p, 16);
	else if (octets.left >= 2)
		memcpy(u + 12, octets.p, octets.left >= 4 ? 4 : 2);
	(void) snprintf(ret_text, AD_UUID_TEXT_SIZE,
			"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[15], u[14], u[13],
			u[12], u[11], u[10], u[9], u[8], u[7], u[6], u[5], u[4], u[3], u[2], u[1], u[0]);
}

uint8_t ad_uuid_size(uint8_t type, bool solicit)
{
	switch (type) {
	case AD_UUID16_SOME:
	case AD_UUID16: return solicit ? 0 : 2;
	case AD_UUID32_SOME:
	case AD_UUID32: return solicit ? 0 : 4;
	case AD_UUID128_SOME:
	case AD_UUID128: return solicit ? 0 : 16;
	case AD_SOLICIT16: return solicit ? 2 : 0;
	case AD_SOLICIT32: return solicit ? 4 : 0;
	case AD_SOLICIT128: return solicit ? 16 : 0;
	default: return 0;
	}
}
