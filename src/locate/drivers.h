/* The kinds of GPS, and the fields that a GPS publishes. A new kind is a row here. */
#pragma once
#include "locate/gps.h"

const struct gps_driver *gps_drivers(uint32_t *ret_n);
