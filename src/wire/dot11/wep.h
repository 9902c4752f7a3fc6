/* WEP (IEEE 802.11-2020 12.3.2): RC4 under a key that all share, for networks whose owner gives it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define WEP_KEY_MAX 16
#define WEP_BODY_MAX 4096 /* octets of a body that are decrypted; longer ones stay as they are */

struct wep_key {
	uint8_t b[WEP_KEY_MAX];
	uint8_t n; /* 5, 13 or 16 */
};

/* Decrypts a frame's body (IV 3, key number 1, data, ICV 4) into scratch, of WEP_BODY_MAX octets. True when
 * the ICV is right; *ret_clear is the data then and lives in scratch. Pure. */
bool wep_decrypt(struct span body, const struct wep_key *key, uint8_t *scratch, struct span *ret_clear);
