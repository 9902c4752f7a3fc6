/* Data frames: QoS, HT and mesh control, then LLC/SNAP where the body is in clear. */
#include "wire/dot11/lan.h"
#include "wire/dot11/parse.h"

enum { ETHERTYPE_EAPOL = 0x888e, ETHERTYPE_LLDP = 0x88cc };
enum { OUI_CISCO = 0x00000c, CISCO_CDP = 0x2000 };
enum { QOS_AMSDU = 0x80, QOS_MESH = 0x100 };

/* 9.4.2.19 of Mesh Control: flags 1, TTL 1, sequence 4, then none, one or two addresses. */
static void skip_mesh(struct span *s)
{
	uint8_t flags = span_u8(s);

	span_skip(s, 5u + (flags & 3) * 6u);
}

/* What LLC and SNAP begin with (IEEE 802-2014 9.2). */
static bool begins_snap(struct span s)
{
	return span_be24(&s) == 0xaaaa03;
}

static void take_snap(struct span s, struct frame *f)
{
	bool is_snap = begins_snap(s);
	uint32_t oui = (span_skip(&s, 3), span_be24(&s));
	uint16_t type = span_be16(&s);

	if (s.bad || !is_snap)
		return;
	if (oui == OUI_CISCO) {
		if (type == CISCO_CDP)
			parse_cdp(s, f);
		return;
	}
	f->ethertype = type;
	f->payload = s;
	f->lan = lan_read(type, s).kind;
	if (type == ETHERTYPE_EAPOL)
		parse_eapol(s, f);
	else if (type == ETHERTYPE_LLDP)
		parse_lldp(s, f);
	else
		parse_ip(s, f);
}

/* 9.3.2.2: destination 6, source 6, length 2, then the MSDU; of several the first is read. */
static void take_amsdu(struct span s, struct frame *f)
{
	struct span first;

	span_skip(&s, 12);
	first = span_sub(&s, span_be16(&s));
	if (!s.bad)
		take_snap(first, f);
}

/* 12.3.2: behind the IV the key octet's bit 0x20 marks the extended IV of TKIP and CCMP. */
static void take_protected(struct span s, struct frame *f)
{
	uint8_t key;

	span_skip(&s, 3);
	key = span_u8(&s);
	if (s.bad)
		return;
	f->data_crypt |= key & 0x20 ? CRYPT_BIT(CRYPT_WPA) : CRYPT_BIT(CRYPT_WEP);
}

void frame_read_clear(struct frame *f, struct span clear)
{
	if (!f->fragment)
		take_snap(clear, f);
}

void parse_data(struct span body, struct frame *f)
{
	uint16_t qos = 0;

	if (f->subtype & DATA_QOS_BIT) {
		f->qos = qos = span_le16(&body);
		if (f->order)
			span_skip(&body, 4);
	}
	if (body.bad)
		return;
	f->body = body;
	if (f->subtype & DATA_NULL_BIT)
		return;
	if (f->protected_) {
		take_protected(body, f);
		return;
	}
	if (f->fragment)
		return;
	if (qos & QOS_AMSDU) {
		take_amsdu(body, f);
		return;
	}
	/* In four-address frames that are not of a mesh the bit belongs to a number (9.2.4.5.1). */
	if ((qos & QOS_MESH) && f->distribution == DIST_INTER_DS && !begins_snap(body))
		skip_mesh(&body);
	if (!body.bad)
		take_snap(body, f);
}
