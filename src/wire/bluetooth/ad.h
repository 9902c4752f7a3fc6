/* Advertising data of Bluetooth (Core 5.4 volume 3 part C 11; Core Specification Supplement part A): a
 * list of elements, each a length, a type and what it says. Also the extended inquiry response of BR/EDR. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* Types by their assigned numbers (2.3). */
enum ad_type {
	AD_FLAGS = 0x01,
	AD_UUID16_SOME = 0x02,
	AD_UUID16 = 0x03,
	AD_UUID32_SOME = 0x04,
	AD_UUID32 = 0x05,
	AD_UUID128_SOME = 0x06,
	AD_UUID128 = 0x07,
	AD_NAME_SHORT = 0x08,
	AD_NAME = 0x09,
	AD_TX_POWER = 0x0a,
	AD_SOLICIT16 = 0x14,
	AD_SOLICIT128 = 0x15,
	AD_SERVICE_DATA16 = 0x16,
	AD_APPEARANCE = 0x19,
	AD_SOLICIT32 = 0x1f,
	AD_SERVICE_DATA32 = 0x20,
	AD_SERVICE_DATA128 = 0x21,
	AD_VENDOR = 0xff,
};

/* Bits of AD_FLAGS (Supplement part A 1.3). */
enum ad_flag {
	AD_LIMITED = 1,
	AD_GENERAL = 2,
	AD_NO_BR_EDR = 4,
	AD_BOTH_CONTROLLER = 8,
	AD_BOTH_HOST = 16,
};

/* An address as Bluetooth sends it, the last octet first. */
struct mac ad_address(struct span *s);
/* The next element; false at the end. Zeros fill up what is left, as the standard wants it; an element that is
 * longer than what is there sets data->bad. */
bool ad_next(struct span *data, uint8_t *ret_type, struct span *ret_body);
/* The first element of that type; false when there is none. */
bool ad_find(struct span data, uint8_t type, struct span *ret_body);
/* The name, the whole one rather than the short one; empty when there is none. */
struct span ad_name(struct span data);

#define AD_UUID_TEXT_SIZE 37
/* A UUID of 2, 4 or 16 octets as text: what it stands for in full (Core volume 3 part B 2.5.1). */
void ad_uuid_text(struct span octets, char ret_text[AD_UUID_TEXT_SIZE]);
/* Octets of each UUID in a list of that type; 0: it is no such list. solicit: those of solicitations. */
uint8_t ad_uuid_size(uint8_t type, bool solicit);
