/* What switches and routers announce of themselves (CDP, LLDP): lists of type, length and value. */
#include "wire/dot11/parse.h"

#define VALUES_MAX 64
enum { CDP_DEVICE = 1, CDP_PORT = 3 };
enum { LLDP_END = 0, LLDP_CHASSIS = 1, LLDP_PORT = 2, LLDP_NAME = 5 };

/* Version 1, time to live 1, checksum 2, then type 2, length 2 with its head, value. */
void parse_cdp(struct span s, struct frame *f)
{
	struct frame_discovery d = {.kind = FRAME_DISCOVERY_CDP};

	span_skip(&s, 4);
	for (size_t i = 0; i < VALUES_MAX && s.left >= 4; i++) {
		uint16_t type = span_be16(&s), n = span_be16(&s);
		struct span value;

		if (n < 4)
			break;
		value = span_sub(&s, n - 4u);
		if (s.bad)
			break;
		if (type == CDP_DEVICE)
			d.device = value;
		else if (type == CDP_PORT)
			d.port = value;
	}
	if (d.device.left || d.port.left)
		f->discovery = d;
}

/* The identifier behind its kind (8.5.2.2, 8.5.3.2): addresses, which are no text, are left out. */
static struct span identifier(struct span value, uint8_t address)
{
	uint8_t kind = span_u8(&value);

	return kind == address || value.bad ? (struct span){0} : value;
}

/* Type of 7 bits, length of 9, value. The system's name is taken rather than that of its chassis. */
void parse_lldp(struct span s, struct frame *f)
{
	struct frame_discovery d = {.kind = FRAME_DISCOVERY_LLDP};
	struct span name = {0};

	for (size_t i = 0; i < VALUES_MAX && s.left >= 2; i++) {
		uint16_t head = span_be16(&s);
		struct span value = span_sub(&s, head & 511u);

		if (s.bad || head >> 9 == LLDP_END)
			break;
		if (head >> 9 == LLDP_CHASSIS)
			d.device = identifier(value, 4);
		else if (head >> 9 == LLDP_PORT)
			d.port = identifier(value, 3);
		else if (head >> 9 == LLDP_NAME)
			name = value;
	}
	if (name.left)
		d.device = name;
	if (d.device.left || d.port.left)
		f->discovery = d;
}
