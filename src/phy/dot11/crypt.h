/* Encryption in words and in Kismet's older bits, from the 64-bit set of wire/dot11/frame.h. */
#pragma once
#include <stdint.h>

#include "track/device.h"

#define CRYPT_TEXT_SIZE DEVICE_CRYPT_TEXT_SIZE

/* "WPA2 WPA2-PSK AES-CCMP"; "Open" for 0. */
void crypt_text(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE]);
/* The set that Kismet 2019 used, still published as crypt_set. */
uint64_t crypt_legacy(uint64_t bits);
