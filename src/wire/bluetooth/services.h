/* Services by their numbers (Assigned Numbers 3.4 and 3.8). */
#pragma once
#include <stdint.h>

/* The service of that number; NULL for others. */
const char *ad_service(uint16_t number);
