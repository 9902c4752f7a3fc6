#include "phy/phys.h"

#include <string.h>

#include "base/err.h"
#include "phy/adsb/adsb.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/dot11/dot11.h"
#include "phy/meter/meter.h"
#include "phy/radiation/radiation.h"
#include "phy/sensor/sensor.h"
#include "phy/uav/uav.h"
#include "track/phys.h"

static const char *const zwave_types[] = {"Z-Wave Node", NULL}, *const mousejack_types[] = {"nRF/Mousejack HID", NULL},
			 *const ieee802154_types[] = {"802.15.4", NULL};
static const struct phy zwave = {.name = "Z-Wave", .types = zwave_types},
			mousejack = {.name = "NrfMousejack", .types = mousejack_types},
			ieee802154 = {.name = "802.15.4", .types = ieee802154_types};

const struct phy *const built_in_phys[PHYS_BUILT_IN + 1] = {
	[PHY_DOT11] = &dot11_phy,
	[PHY_SENSOR] = &sensor_phy,
	[2] = &zwave,
	[PHY_BLUETOOTH] = &bluetooth_phy,
	[PHY_UAV] = &uav_phy,
	[5] = &mousejack,
	[PHY_BTLE] = &btle_phy,
	[PHY_METER] = &meter_phy,
	[PHY_ADSB] = &adsb_phy,
	[9] = &ieee802154,
	[PHY_RADIATION] = &radiation_phy,
};

static const char *name_of(uint8_t phy)
{
	return phy < PHYS_BUILT_IN ? built_in_phys[phy]->name : tracker_added_phy(phy);
}

int phys_number(const char *name)
{
	for (uint8_t i = 0; i < PHYS_MAX; i++)
		if (name_of(i) && strcmp(name_of(i), name) == 0)
			return i;
	return ERR_NOT_FOUND;
}

const char *phys_name(uint8_t phy)
{
	const char *known = name_of(phy);

	return known ? known : "Unknown";
}
