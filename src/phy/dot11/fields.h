/* The rows of the 802.11 record. */
#pragma once
#include "phy/dot11/dot11.h"

extern struct field_table dot11_table;

/* The record of the network that the device announced last; NULL: none. */
const struct dot11_advertised *dot11_latest_network(const struct dot11_device *x);
