/* What vendors' elements say of an access point. */
#include "wire/dot11/read_vendor.h"

/* Up to the first zero; false when that leaves nothing. */
static bool take_name(struct span s, struct span *ret)
{
	if (s.bad)
		return false;
	for (size_t i = 0; i < s.left; i++)
		if (s.p[i] == 0)
			s.left = i;
	*ret = s;
	return s.left != 0;
}

/* The name has 16 octets from the eleventh on. */
bool cisco_name_read(struct span data, struct span *ret)
{
	span_skip(&data, 10);
	return take_name(span_up_to(&data, 16), ret);
}

bool cisco_power_read(struct span data, uint8_t *ret_dbm)
{
	*ret_dbm = span_u8(&data);
	return !data.bad;
}

bool cisco_mfp_read(struct span data, bool *ret)
{
	*ret = span_u8(&data) & 1;
	return !data.bad;
}

#define ARUBA_NAME 3 /* subtype */

bool aruba_name_read(struct span data, struct span *ret)
{
	return span_u8(&data) == ARUBA_NAME && take_name(data, ret);
}

bool mist_name_read(struct span data, struct span *ret)
{
	return take_name(data, ret);
}
