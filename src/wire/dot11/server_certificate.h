/* The certificate that a server shows in the clear part of a login: EAP-TLS, TTLS, PEAP and FAST over TLS 1.2 and
 * older (RFC 5216 3.1, RFC 5246 7.4.2, RFC 5280 4.1). */
#pragma once
#include <stdbool.h>

#include "base/span.h"

struct server_certificate {
	struct span issuer,
		key; /* contents of `issuer` and `subjectPublicKeyInfo`, in DER; they point into the packet */
};

/* Reads the first certificate of an EAPOL packet that begins a server's messages: later fragments have no beginning to
 * know them by. False when there is none, or its key is in the next fragment. Any thread. */
bool server_certificate_read(struct span eapol, struct server_certificate *ret);
