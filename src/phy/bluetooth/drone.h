/* Drones that identify themselves by Bluetooth: Remote ID in service data of legacy and extended advertisements. */
#pragma once
#include "phy/bluetooth/bluetooth.h"

/* Reads a drone's Remote ID in service data into the record. Under the shard's lock. */
void bluetooth_observe_drone(struct device *d, struct span data, uint64_t time_us);
