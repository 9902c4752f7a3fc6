/* What vendors' elements say of an access point. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Cisco CCX: the access point's name; power in dBm; management frame protection. */
bool cisco_name_read(struct span data, struct span *ret);
bool cisco_power_read(struct span data, uint8_t *ret_dbm);
bool cisco_mfp_read(struct span data, bool *ret);
/* The access point's name of Aruba and of Mist. */
bool aruba_name_read(struct span data, struct span *ret);
bool mist_name_read(struct span data, struct span *ret);
