#include "wire/dot11/server_certificate.h"

enum { EAPOL_EAP = 0, EAP_REQUEST = 1, FLAG_LENGTH = 0x80 };
enum { EAP_TLS = 13, EAP_TTLS = 21, EAP_PEAP = 25, EAP_FAST = 43 };
enum { RECORD_HANDSHAKE = 22, SERVER_HELLO = 2, CERTIFICATE = 11, TLS_MAJOR = 3 };
enum { DER_INTEGER = 2, DER_SEQUENCE = 0x30, DER_VERSION = 0xa0, DER_LONG = 0x80, LENGTH_OCTETS = 3 };

/* The TLS data of a server's EAP message; empty when it is none. */
static struct span tls_of(struct span s)
{
	uint8_t type, code, method, flags;

	span_skip(&s, 1);
	type = span_u8(&s);
	span_skip(&s, 2);
	code = span_u8(&s);
	span_skip(&s, 3);
	method = span_u8(&s);
	flags = span_u8(&s);
	if (flags & FLAG_LENGTH)
		span_skip(&s, 4);
	if (s.bad || type != EAPOL_EAP || code != EAP_REQUEST ||
	    (method != EAP_TLS && method != EAP_TTLS && method != EAP_PEAP && method != EAP_FAST))
		return (struct span){.bad = true};
	return s;
}

/* The next value, which has that tag; its contents, or as much of them as there is. Else it is bad. */
static struct span der_next(struct span *s, uint8_t tag, size_t *ret_length)
{
	bool fits = span_u8(s) == tag;
	size_t length = span_u8(s), octets = length & ~(size_t) DER_LONG;

	if (length & DER_LONG) {
		length = 0;
		fits &= octets > 0 && octets <= LENGTH_OCTETS;
		for (size_t i = 0; fits && i < octets; i++)
			length = length << 8 | span_u8(s);
	}
	*ret_length = length;
	if (!fits || s->bad) {
		s->bad = true;
		s->left = 0;
		return *s;
	}
	return span_up_to(s, length);
}

static void der_skip(struct span *s, uint8_t tag)
{
	size_t length;
	struct span value = der_next(s, tag, &length);

	s->bad |= value.bad || value.left < length;
}

static struct span der_whole(struct span *s, uint8_t tag)
{
	size_t length;
	struct span value = der_next(s, tag, &length);

	value.bad |= value.left < length;
	return value;
}

/* RFC 5280 4.1: version, serial number, signature, issuer, validity, subject, subjectPublicKeyInfo. */
static bool certificate_read(struct span der, struct server_certificate *ret)
{
	size_t length;
	struct span outer = der_next(&der, DER_SEQUENCE, &length), tbs = der_next(&outer, DER_SEQUENCE, &length);

	if (tbs.left && tbs.p[0] == DER_VERSION)
		der_skip(&tbs, DER_VERSION);
	der_skip(&tbs, DER_INTEGER);
	der_skip(&tbs, DER_SEQUENCE);
	ret->issuer = der_whole(&tbs, DER_SEQUENCE);
	der_skip(&tbs, DER_SEQUENCE);
	der_skip(&tbs, DER_SEQUENCE);
	ret->key = der_whole(&tbs, DER_SEQUENCE);
	return !tbs.bad && !ret->issuer.bad && !ret->key.bad && ret->key.left > 0;
}

/* The messages of one record: the certificate's list begins with the server's own. `begun`: the server's hello came. */
static bool messages_read(struct span s, bool *begun, struct server_certificate *ret)
{
	while (s.left > 0) {
		uint8_t type = span_u8(&s);
		uint32_t length = span_be24(&s);

		if (s.bad || (!*begun && type != SERVER_HELLO))
			break;
		*begun = true;
		if (type == CERTIFICATE) {
			span_skip(&s, 3);
			length = span_be24(&s);
			return !s.bad && certificate_read(span_up_to(&s, length), ret);
		}
		(void) span_up_to(&s, length);
	}
	return false;
}

bool server_certificate_read(struct span eapol, struct server_certificate *ret)
{
	struct span s = tls_of(eapol);
	bool begun = false;

	while (!s.bad && s.left > 0) {
		uint8_t type = span_u8(&s), major = span_u8(&s);
		uint16_t length;

		span_skip(&s, 1);
		length = span_be16(&s);
		if (s.bad || type != RECORD_HANDSHAKE || major != TLS_MAJOR)
			return false;
		if (messages_read(span_up_to(&s, length), &begun, ret))
			return true;
		if (!begun)
			return false;
	}
	return false;
}
