/* The names that expressions may use of Wi-Fi devices, besides those of all devices. */
#pragma once
#include "query/names.h"

extern const struct query_name dot11_names[];
