/* Drones that identify themselves by Bluetooth: Remote ID in service data of legacy and extended advertisements. */
#include "phy/bluetooth/drone.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/uav/uav.h"

void bluetooth_observe_drone(struct device *d, struct span data, uint64_t time_us)
{
	struct uav_report report;
	struct span body;
	uint8_t type;

	while (ad_next(&data, &type, &body))
		if (type == AD_SERVICE_DATA16 && span_le16(&body) == UAV_SERVICE && uav_service_data(body, &report))
			uav_update(d, &report, time_us);
}
