/* Any octets as an EAPOL packet with a server's certificate: what is found lies in it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/server_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span s, const uint8_t *begin, size_t size)
{
	if (s.left && (s.p < begin || s.left > (size_t) (begin + size - s.p)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct server_certificate c;

	if (size)
		memcpy(exact, data, size);
	if (server_certificate_read(span_of(exact, size), &c)) {
		check(c.issuer, exact, size);
		check(c.key, exact, size);
	}
	free(exact);
	return 0;
}
