/* Suites: how keys are agreed on (AKM) and how frames are encrypted, with the bit of the encryption set (frame.h) and
 * the words that each has. One table of each, for every reader. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Whose generation of words a suite has. */
enum suite_family {
	SUITE_WPA,  /* behind the version: "WPA2-PSK" */
	SUITE_WPA3, /* "WPA3-SAE" */
	SUITE_OWN,  /* a word of its own: "OWE" */
};

/* How keys are agreed on. */
struct akm_suite {
	uint32_t selector;      /* OUI, then type */
	const char *name;       /* IEEE 802.11's, in the rows of the RSN element */
	const char *word;       /* in texts of the encryption, behind the version; NULL: another row has the bit's */
	const char *capability; /* in Android's capabilities, which wigle.net takes; NULL with word */
	uint64_t more;          /* CRYPT_BIT()s that it sets besides its own */
	uint32_t legacy;        /* in Kismet's older set */
	uint8_t bit;            /* enum crypt_bit */
	uint8_t family;         /* enum suite_family */
};

/* How frames are encrypted. */
struct cipher_suite {
	uint32_t selector;
	const char *name, *word, *capability;
	uint32_t legacy;
	uint8_t group, pairwise; /* enum crypt_bit; 0: none */
};

/* The rows, in the order of the words. */
const struct akm_suite *akm_suites(size_t *ret_n);
const struct cipher_suite *cipher_suites(size_t *ret_n);
/* The row of a selector; NULL: unknown. */
const struct akm_suite *akm_suite_find(uint32_t selector);
const struct cipher_suite *cipher_suite_find(uint32_t selector);
