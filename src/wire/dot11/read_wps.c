/* Wi-Fi Simple Configuration: attributes of type 2, length 2, both big endian. */
#include "wire/dot11/read_wps.h"

#include "wire/dot11/elements.h"

#define ATTRIBUTES_MAX 64
#define WFA_OUI 0x00372a

/* The WFA extension: subelements of identifier 1 and length 1. */
static void wfa_extension(struct span s, struct wps *w)
{
	uint32_t oui = span_be24(&s);
	struct span body;
	uint8_t id;

	while (oui == WFA_OUI && subelement_next(&s, &id, &body))
		if (id == 0)
			w->version2 = span_u8(&body);
}

static void wps_attribute(uint16_t type, struct span s, struct wps *w)
{
	switch (type) {
	case 0x104a: w->version = span_u8(&s); break;
	case 0x1044: w->state |= span_u8(&s) == 2 ? 1 : 2; break;
	case 0x1057: w->state |= span_u8(&s) ? 4 : 0; break;
	case 0x1008: w->config_methods = span_be16(&s); break;
	case 0x1012: w->password_id = span_be16(&s); break;
	case 0x102d: w->os_version = span_be32(&s); break;
	case 0x103c: w->rf_bands = span_u8(&s); break;
	case 0x1041: w->selected_registrar = span_u8(&s); break;
	case 0x1053: w->registrar_config_methods = span_be16(&s); break;
	case 0x1049: wfa_extension(s, w); break;
	case 0x1054: w->device_type = span_sub(&s, 8); break;
	case 0x1021: w->manufacturer = s; break;
	case 0x1011: w->device_name = s; break;
	case 0x1023: w->model_name = s; break;
	case 0x1024: w->model_number = s; break;
	case 0x1042: w->serial_number = s; break;
	case 0x1047: w->uuid_e = span_sub(&s, 16); break;
	case 0x1022: w->message = span_u8(&s); break;
	default: break;
	}
}

bool wps_next(struct span *attributes, uint16_t *ret_type, struct span *ret_body)
{
	uint16_t type, n;
	struct span body;

	if (attributes->left < 4)
		return false;
	type = span_be16(attributes);
	n = span_be16(attributes);
	body = span_sub(attributes, n);
	if (attributes->bad)
		return false;
	*ret_type = type;
	*ret_body = body;
	return true;
}

void wps_read(struct span attributes, struct wps *w)
{
	struct span body;
	uint16_t type;

	for (size_t i = 0; i < ATTRIBUTES_MAX && wps_next(&attributes, &type, &body); i++)
		wps_attribute(type, body, w);
}
