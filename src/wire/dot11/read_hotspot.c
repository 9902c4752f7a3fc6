/* Interworking, roaming consortium, Hotspot 2.0: who is behind a network. */
#include "wire/dot11/read_hotspot.h"

bool interworking_read(struct span data, struct interworking *ret)
{
	size_t length = data.left;
	uint8_t options = span_u8(&data);
	struct interworking w = {.network_type = options & 15,
				 .internet = options & 0x10,
				 .asra = options & 0x20,
				 .esr = options & 0x40,
				 .uesa = options & 0x80};

	if (data.bad)
		return false;
	if (length == 3 || length == 9) {
		w.venue_group = span_u8(&data);
		w.venue_type = span_u8(&data);
		w.has_venue = true;
	}
	if (length == 7 || length == 9) {
		w.hessid = mac_from(span_take(&data, 6));
		w.has_hessid = true;
	}
	*ret = w;
	return true;
}

uint32_t roaming_read(struct span data, struct span ret[ROAMING_MAX])
{
	uint8_t lengths;
	size_t n[2];
	uint32_t count = 0;

	span_skip(&data, 1); /* how many more can be asked for */
	lengths = span_u8(&data);
	n[0] = lengths & 15;
	n[1] = lengths >> 4;
	for (size_t i = 0; i < 2 && n[i] && !data.bad; i++) {
		ret[count] = span_sub(&data, n[i]);
		count += !data.bad;
	}
	if (!data.bad && data.left && count == 2)
		ret[count++] = data;
	return count;
}

bool hotspot_read(struct span data, struct hotspot_indication *ret)
{
	uint8_t config = span_u8(&data);

	*ret = (struct hotspot_indication){.release = (uint8_t) ((config >> 4) + 1), .dgaf_disabled = config & 1};
	return !data.bad;
}
