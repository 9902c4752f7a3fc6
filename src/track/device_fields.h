/* The rows of the device record, to which phys add. Before the first source opens, on one thread. */
#pragma once
#include "track/device.h"

/* Adds the row that shows a phy's record: its getter finds the part, and the record is absent without it. It is read
 * back by the record's table unless it says how. NULL: the device's own rows alone. */
void device_add_row(const struct field *row);
/* What devices of a phy may be, in words, NULL ends them; how their encryption is written. The
 * device.type of the first; that of the same list again. */
uint8_t device_add_types(const char *const *texts);
void device_add_crypt(uint8_t phy, void (*text)(uint64_t bits, char ret_text[DEVICE_CRYPT_TEXT_SIZE]));
/* The device's encryption in words; false, and "", when it is not known. Under the shard's lock, or of a copy. */
bool device_crypt_text(const struct device *d, char ret_text[DEVICE_CRYPT_TEXT_SIZE]);
