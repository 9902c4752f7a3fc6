/* Wi-Fi Simple Configuration: attributes of type 2, length 2, both big endian. */
#include "wire/parse.h"

#define ATTRIBUTES_MAX 64

static void wps_attribute(uint16_t type, struct span s, struct frame_wps *w)
{
	switch (type) {
	case 0x104a: w->version = span_u8(&s); break;
	case 0x1044: w->state |= span_u8(&s) == 2 ? 1 : 2; break;
	case 0x1057: w->state |= span_u8(&s) ? 4 : 0; break;
	case 0x1008: w->config_methods = span_be16(&s); break;
	case 0x1021: w->manufacturer = s; break;
	case 0x1011: w->device_name = s; break;
	case 0x1023: w->model_name = s; break;
	case 0x1024: w->model_number = s; break;
	case 0x1042: w->serial_number = s; break;
	case 0x1047: w->uuid_e = s; break;
	case 0x1022: w->message = span_u8(&s); break;
	default: break;
	}
}

void parse_wps(struct span s, struct frame *f)
{
	f->have |= FRAME_HAS_WPS;
	for (size_t i = 0; i < ATTRIBUTES_MAX && s.left >= 4; i++) {
		uint16_t type = span_be16(&s), n = span_be16(&s);
		struct span body = span_sub(&s, n);

		if (s.bad)
			return;
		wps_attribute(type, body, &f->wps);
	}
}
