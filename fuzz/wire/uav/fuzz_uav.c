/* Any octets as what drones announce: DroneID, Remote ID, and a frame that may hold either. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/uav/uav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct uav_report report;
	struct frame frame;

	if (size)
		memcpy(exact, data, size);
	(void) uav_droneid(span_of(exact, size), &report);
	(void) uav_remote_id(span_of(exact, size), &report);
	(void) uav_service_data(span_of(exact, size), &report);
	if (frame_dissect(span_of(exact, size), &frame) >= 0)
		(void) uav_read(&frame, &report);
	free(exact);
	return 0;
}
