#include "detect/zero_key.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define BLOCK 16
#define CIPHER_HEAD 8 /* octets of packet number and key identifier before the encrypted data */

static bool encrypt_by_zeros(uint8_t block[BLOCK])
{
	static uint8_t zeros[BLOCK];
	const gnutls_datum_t key = {zeros, BLOCK}, iv = {zeros, BLOCK};
	gnutls_cipher_hd_t cipher;
	bool done;

	if (gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_128_CBC, &key, &iv) < 0)
		return false;
	done = gnutls_cipher_encrypt(cipher, block, BLOCK) >= 0;
	gnutls_cipher_deinit(cipher);
	return done;
}

static void put_number(uint8_t *to, uint64_t number)
{
	for (int i = 0; i < 6; i++)
		to[i] = (uint8_t) (number >> (40 - 8 * i));
}

static bool opens(const struct frame *f, uint8_t counter[BLOCK])
{
	static const uint8_t snap[] = {0xaa, 0xaa, 3, 0, 0, 0};

	if (!encrypt_by_zeros(counter))
		return false;
	for (size_t i = 0; i < sizeof(snap); i++)
		if ((f->body.p[CIPHER_HEAD + i] ^ counter[i]) != snap[i])
			return false;
	return true;
}

bool zero_key_opens(const struct frame *f, uint64_t packet_number)
{
	uint8_t ccm[BLOCK] = {1}, gcm[BLOCK] = {0};

	if (f->body.left < CIPHER_HEAD + 8 || f->fragment)
		return false;
	ccm[1] = f->subtype & DATA_QOS_BIT ? f->qos & 15 : 0;
	memcpy(ccm + 2, f->transmitter.b, 6);
	put_number(ccm + 8, packet_number);
	ccm[15] = 1; /* the first block of data */
	memcpy(gcm, f->transmitter.b, 6);
	put_number(gcm + 6, packet_number);
	gcm[15] = 2;
	return opens(f, ccm) || opens(f, gcm);
}
