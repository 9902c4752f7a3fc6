/* Members of the Bluetooth SIG by the 16-bit UUIDs that they were given (Assigned Numbers 3.11). */
#pragma once
#include <stdint.h>

/* Who was given the 16-bit UUID; NULL for others. */
const char *ad_member(uint16_t number);
