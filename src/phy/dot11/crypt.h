/* Encryption in words and in Kismet's older bits, from the 64-bit set of wire/dot11/frame.h. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "track/device.h"

#define CRYPT_TEXT_SIZE DEVICE_CRYPT_TEXT_SIZE

/* The generations that a set really offers: RSN with SAE alone is WPA3 and not WPA2, with OWE alone neither. */
struct crypt_versions {
	bool wpa1, wpa2, wpa3, wapi;
	bool other; /* WPA of which no more is known */
};
struct crypt_versions crypt_versions(uint64_t bits);
/* "WPA2 WPA2-PSK AES-CCMP"; "Open" for 0, and for nothing else. */
void crypt_text(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE]);
/* As Android's scan results have it, which wigle.net takes: "[WPA2-PSK-CCMP][WPA3-SAE-CCMP]"; "" for 0. */
void crypt_capabilities(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE]);
/* The set that a text of crypt_text() stands for, or of Kismet: for logs that have the text alone. */
uint64_t crypt_of_text(const char *text);
/* The set that Kismet 2019 used, still published as crypt_set. */
uint64_t crypt_legacy(uint64_t bits);
