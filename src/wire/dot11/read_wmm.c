/* Wi-Fi Multimedia, the WFA's element of type 2 (WMM 1.2.0, 2.2.1 and 2.2.2). */
#include "wire/dot11/read_wmm.h"

static struct wmm_category take_category(struct span *s)
{
	uint8_t aci = span_u8(s), ecw = span_u8(s);
	uint16_t txop = span_le16(s);

	return (struct wmm_category){.number = aci >> 5 & 3,
				     .aifsn = aci & 15,
				     .admission = aci & 0x10,
				     .ecw_min = ecw & 15,
				     .ecw_max = ecw >> 4,
				     .txop_us = txop * 32u};
}

/* Subtype 1, version 1, QoS information 1; of parameters then a reserved octet and four categories. */
bool wmm_read(struct span data, struct wmm *ret)
{
	struct wmm w = {0};
	uint8_t subtype = span_u8(&data), version = span_u8(&data), info = span_u8(&data);

	if (data.bad || subtype > 1 || version != 1)
		return false;
	w.qos_info = info;
	span_skip(&data, 1);
	for (size_t i = 0; subtype == 1 && i < WMM_CATEGORIES; i++) {
		struct wmm_category c = take_category(&data);

		if (data.bad)
			break;
		w.categories[w.n++] = c;
	}
	*ret = w;
	return true;
}
