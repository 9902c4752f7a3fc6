#include "wire/dot11/parse.h"
#include "wire/dot11/readers.h"

enum { EAPOL_EAP = 0, EAPOL_KEY = 3 };
enum {
	KEY_VERSION = 7,
	KEY_INSTALL = 0x40,
	KEY_ACK = 0x80,
	KEY_MIC = 0x100,
	KEY_SECURE = 0x200,
	KEY_ENCRYPTED = 0x1000
};
enum { EAP_IDENTITY = 1, EAP_TLS = 13, EAP_LEAP = 17, EAP_TTLS = 21, EAP_PEAP = 25, EAP_EXPANDED = 254 };

static bool is_zero(struct span s)
{
	for (size_t i = 0; i < s.left; i++)
		if (s.p[i])
			return false;
	return true;
}

/* The fourth has no key data but for AEAD, which hides some in it; its nonce is zero then. */
static uint8_t message_number(uint16_t info, bool has_data, struct span nonce)
{
	bool ack = info & KEY_ACK, mic = info & (KEY_MIC | KEY_ENCRYPTED);

	if (ack && !mic)
		return 1;
	if (mic && ack)
		return 3;
	if (mic)
		return has_data && !((info & KEY_SECURE) && is_zero(nonce)) ? 2 : 4;
	return 0;
}

/* Key data: elements, of which one may be the PMKID (IEEE 802.11-2020 12.7.2). Access points that have none send
 * zeros. */
static void find_pmkid(struct span key_data, struct frame_eapol *k)
{
	struct element e;

	for (size_t i = 0; i < ELEMENTS_WALKED && !k->has_pmkid && element_next(&key_data, &e); i++)
		k->has_pmkid = e.id == ELEMENT_PMKID_KDE && pmkid_read(e.data, &k->pmkid) && !is_zero(k->pmkid);
}

#define KEY_FIXED 79 /* octets of a key frame but its MIC and key data */

/* The MIC is 16 octets long, or as its AKM has it (24, 32, none with AEAD; IEEE 802.11-2020 table 12-10):
 * the one with which the key data's length agrees with the packet's. Padding may follow. */
static size_t mic_length(struct span s, uint16_t info, uint16_t packet_length)
{
	static const uint8_t lengths[] = {16, 24, 32, 0};

	for (size_t i = 0; i < sizeof(lengths); i++) {
		struct span at = s;
		uint16_t data;

		span_skip(&at, lengths[i]);
		data = span_be16(&at);
		if (!at.bad && KEY_FIXED + lengths[i] + data == packet_length)
			return lengths[i];
	}
	return (info & (KEY_MIC | KEY_VERSION)) == 0 ? 0 : 16; /* AEAD has neither */
}

static void parse_key(struct span s, uint16_t packet_length, struct frame *f)
{
	struct frame_eapol k = {0};
	uint16_t info, length;

	span_skip(&s, 1); /* descriptor type */
	info = span_be16(&s);
	span_skip(&s, 2); /* key length */
	k.replay_counter = span_be64(&s);
	k.nonce = span_sub(&s, 32);
	span_skip(&s, 32); /* IV 16, RSC 8, reserved 8 */
	span_skip(&s, mic_length(s, info, packet_length));
	length = span_be16(&s);
	if (s.bad)
		return;
	k.info = info;
	k.key_length = length;
	k.length = packet_length;
	k.key_data = span_up_to(&s, length);
	k.install = info & KEY_INSTALL;
	k.message = message_number(info, length > 0, k.nonce);
	if (k.message == 1)
		find_pmkid(k.key_data, &k);
	f->eapol = k;
	f->have |= FRAME_HAS_EAPOL;
}

/* EAP of type 254 with the vendor and type of Wi-Fi Simple Configuration: operation 1, flags 1 (of which
 * bit 2 announces a length), then attributes (WSC 2.0.8 7.7.1). */
static void parse_eap_wsc(struct span s, struct frame *f)
{
	uint32_t vendor = span_be24(&s), type = span_be32(&s);
	struct wps wps = {0};
	uint8_t flags;

	span_skip(&s, 1);
	flags = span_u8(&s);
	if (flags & 2)
		span_skip(&s, 2);
	if (s.bad || vendor != 0x00372a || type != 1)
		return;
	wps_read(s, &wps);
	f->wps_message = wps.message;
}

static void parse_eap(struct span s, struct frame *f)
{
	static const struct {
		uint8_t type, bit;
	} kinds[] = {{EAP_IDENTITY, CRYPT_EAP_IDENTITY},
		     {EAP_TLS, CRYPT_EAP_TLS},
		     {EAP_LEAP, CRYPT_EAP_LEAP},
		     {EAP_TTLS, CRYPT_EAP_TTLS},
		     {EAP_PEAP, CRYPT_EAP_PEAP}};
	uint16_t length;

	f->eap_code = span_u8(&s);
	span_skip(&s, 1); /* identifier */
	length = span_be16(&s);
	if (s.bad || length < 5)
		return;
	f->eap_type = span_u8(&s);
	if (f->eap_type == EAP_EXPANDED)
		parse_eap_wsc(span_up_to(&s, length - 5u), f);
	if (f->eap_type == EAP_IDENTITY && f->eap_code == 2)
		f->eap_identity = span_up_to(&s, length - 5u);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == f->eap_type)
			f->data_crypt |= CRYPT_BIT(kinds[i].bit);
}

void parse_eapol(struct span s, struct frame *f)
{
	uint16_t length;
	uint8_t type;

	span_skip(&s, 1); /* version */
	type = span_u8(&s);
	length = span_be16(&s);
	if (s.bad)
		return;
	if (type == EAPOL_KEY)
		parse_key(s, length, f);
	else if (type == EAPOL_EAP)
		parse_eap(s, f);
}
