/* The names that expressions may use of devices: these, and those that phys add (track/phy.h). */
#pragma once
#include "query/names.h"

extern struct query_record device_query;
