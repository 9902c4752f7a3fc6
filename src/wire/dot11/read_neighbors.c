/* Reduced neighbour reports: access points near by. */
#include "wire/dot11/read_neighbors.h"

/* TBTT information (table 9-281): its length says what there is. Offset 1, BSSID 6, short SSID 4,
 * BSS parameters 1, power 1, MLD parameters 3. */
static void take_neighbor(struct span s, struct neighbor *n)
{
	size_t length = s.left;

	span_skip(&s, 1);
	if (length >= 7) {
		n->bssid = mac_from(span_take(&s, 6));
		n->has_bssid = true;
	}
	if (length == 5 || length == 6 || length >= 11) {
		n->short_ssid = span_le32(&s);
		n->has_short_ssid = true;
	}
	if (length == 2 || length == 6 || length == 8 || length == 9 || length >= 12) {
		n->bss_parameters = span_u8(&s);
		n->has_parameters = true;
	}
	if (length >= 16) {
		span_skip(&s, 1);
		n->mld_id = span_u8(&s);
		n->link_id = span_u8(&s) & 15;
		n->has_mld = true;
	}
}

uint32_t neighbors_read(struct span data, struct neighbor *ret, uint32_t max)
{
	uint32_t n = 0;

	while (data.left >= 4) {
		uint16_t head = span_le16(&data);
		uint8_t operating_class = span_u8(&data), channel = span_u8(&data);
		unsigned count = (head >> 4 & 15u) + 1, length = head >> 8;

		for (unsigned i = 0; i < count; i++) {
			struct span one = span_sub(&data, length);

			if (data.bad || n == max)
				return n;
			ret[n] = (struct neighbor){.operating_class = operating_class, .channel = channel};
			if ((head & 3) == 0 && length > 0)
				take_neighbor(one, &ret[n++]);
		}
	}
	return n;
}
