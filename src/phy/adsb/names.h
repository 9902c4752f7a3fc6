/* The names that expressions may use of aircraft, besides those of all devices. */
#pragma once
#include "query/names.h"

extern const struct query_name adsb_names[];
