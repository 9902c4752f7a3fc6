/* The names that expressions may use of Bluetooth devices, besides those of all devices. */
#pragma once
#include "query/names.h"

extern const struct query_name bluetooth_names[];
