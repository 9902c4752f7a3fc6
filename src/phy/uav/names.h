/* The names that expressions may use of drones, besides those of all devices. */
#pragma once
#include "query/names.h"

extern const struct query_name uav_names[];
