/* Multiple BSSID, and what its profiles begin with. */
#include "wire/dot11/read_multi_bssid.h"

#define INDICATOR_MAX 8 /* larger ones are reserved */

bool multiple_bssid_read(struct span data, struct multiple_bssid *ret)
{
	ret->indicator = span_u8(&data);
	ret->subelements = data;
	return !data.bad && ret->indicator >= 1 && ret->indicator <= INDICATOR_MAX;
}

struct mac multiple_bssid_address(const struct mac *transmitted, uint8_t indicator, uint8_t index)
{
	struct mac m = *transmitted;
	uint8_t mask = (uint8_t) ((1u << indicator) - 1);

	m.b[5] = (uint8_t) ((m.b[5] & ~mask) | ((m.b[5] + index) & mask));
	return m;
}

bool nontransmitted_capability_read(struct span data, uint16_t *ret)
{
	*ret = span_le16(&data);
	return !data.bad;
}

bool multiple_bssid_index_read(struct span data, uint8_t *ret)
{
	*ret = span_u8(&data);
	return !data.bad && *ret != 0;
}

static bool holds(struct span list, uint8_t number)
{
	for (size_t i = 0; i < list.left; i++)
		if (list.p[i] == number)
			return true;
	return false;
}

/* A list of numbers, then one of extensions' numbers; each behind its length. */
bool non_inheritance_names(struct span data, uint8_t number, enum element_id id)
{
	size_t n = span_u8(&data);
	struct span numbers = span_sub(&data, n), extensions;

	if (number != ELEMENT_EXTENSION)
		return !numbers.bad && holds(numbers, number);
	n = span_u8(&data);
	extensions = span_sub(&data, n);
	return !extensions.bad && id >= ELEMENT_EXTENDED(0) && id < ELEMENT_VENDORS &&
	       holds(extensions, (uint8_t) (id - ELEMENT_EXTENDED(0)));
}
