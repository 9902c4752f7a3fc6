/* Companies by the number in manufacturer data (Assigned Numbers 7), from the list that udev keeps current. */
#pragma once
#include <stdint.h>

/* The company of that number, or NULL for others. Any thread; the text stays. */
const char *bluetooth_company(uint16_t number);
