/* The certificate of a server in an EAP message: where it is, what it says, and cut at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/server_certificate.h"

/* Serial number, signature, issuer, validity, subject, key; the version before it, the signature behind it. */
#define ISSUER 0x31, 2, 'C', 'A'
#define KEY 0x30, 1, 7, 3, 2, 0, 9
#define TBS                                                                                                            \
	0xa0, 3, 2, 1, 2, 2, 1, 5, 0x30, 1, 6, 0x30, 4, ISSUER, 0x30, 2, 0x17, 0, 0x30, 3, 0x31, 1, 'S', 0x30, 7, KEY
#define TBS_LENGTH 35 /* of which the key's octets are the last */
#define DER 0x30, 0x81, TBS_LENGTH + 5, 0x30, TBS_LENGTH, TBS, 3, 1, 0
#define DER_LENGTH (TBS_LENGTH + 8)
#define HELLO 2, 0, 0, 3, 3, 3, 9
#define CERTIFICATE 11, 0, 0, DER_LENGTH + 6, 0, 0, DER_LENGTH + 3, 0, 0, DER_LENGTH, DER
#define CERTIFICATE_LENGTH (DER_LENGTH + 10)
#define RECORD(n) 22, 3, 3, 0, n
#define EAP(method, flags) 2, 0, 0, 0, 1, 7, 0, 0, method, flags

static const uint8_t records[] = {EAP(13, 0), RECORD(7), HELLO, RECORD(CERTIFICATE_LENGTH), CERTIFICATE};
static const uint8_t together[] = {EAP(25, 0x80), 0, 0, 1, 0, RECORD(7 + CERTIFICATE_LENGTH), HELLO, CERTIFICATE};

static bool reads(const uint8_t *octets, size_t n, struct server_certificate *ret)
{
	return server_certificate_read(span_of(octets, n), ret);
}

static void it_is_found(void **state)
{
	static const uint8_t issuer[] = {ISSUER}, key[] = {KEY};
	struct server_certificate c;

	(void) state;
	assert_true(reads(records, sizeof(records), &c));
	assert_int_equal(c.issuer.left, sizeof(issuer));
	assert_memory_equal(c.issuer.p, issuer, sizeof(issuer));
	assert_int_equal(c.key.left, sizeof(key));
	assert_memory_equal(c.key.p, key, sizeof(key));
	assert_true(reads(together, sizeof(together), &c));
	assert_memory_equal(c.key.p, key, sizeof(key));
}

static void changed(const uint8_t *octets, size_t n, size_t at, uint8_t to)
{
	uint8_t copy[128];
	struct server_certificate c;

	memcpy(copy, octets, n);
	copy[at] = to;
	assert_false(reads(copy, n, &c));
}

static void what_is_none(void **state)
{
	enum { TLS = 10, DER_AT = TLS + 5 + 7 + 5 + 10 };

	(void) state;
	changed(records, sizeof(records), 1, 1);             /* EAPOL-Start */
	changed(records, sizeof(records), 4, 2);             /* the client's */
	changed(records, sizeof(records), 8, 4);             /* MD5 */
	changed(records, sizeof(records), TLS, 23);          /* encrypted */
	changed(records, sizeof(records), TLS + 1, 2);       /* another protocol */
	changed(records, sizeof(records), TLS + 5, 1);       /* no hello of a server */
	changed(records, sizeof(records), TLS + 5 + 12, 22); /* another message */
	changed(records, sizeof(records), DER_AT, 0x31);     /* no sequence */
	changed(records, sizeof(records), DER_AT + 1, 0x84); /* lengths that no certificate has */
	changed(records, sizeof(records), DER_AT + 1, 0x80);
	changed(records, sizeof(records), DER_AT + 10, 4);     /* no serial number */
	changed(records, sizeof(records), DER_AT + 5 + 27, 8); /* a key that is longer than its certificate */
}

static void cut_at_every_length(void **state)
{
	size_t whole = sizeof(records) - 3; /* the signature is not looked at */

	(void) state;
	for (size_t n = 0; n < sizeof(records); n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct server_certificate c;

		memcpy(exact, records, n);
		assert_int_equal(reads(exact, n, &c), n >= whole);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_found),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
