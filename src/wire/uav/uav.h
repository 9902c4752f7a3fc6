/* What drones say of themselves in frames of Wi-Fi and Bluetooth: DJI DroneID and ASTM F3411 Remote ID. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/dot11/frame.h"

enum uav_kind {
	UAV_NONE,
	UAV_DRONEID,
	UAV_REMOTE_ID,
	UAV_REMOTE_ID_BLUETOOTH,
	UAV_DRONEID_RADIO /* reported by a receiver */
};

enum uav_have {
	UAV_HAS_SERIAL = 1,    /* serial */
	UAV_HAS_POSITION = 2,  /* lat, lon */
	UAV_HAS_ALTITUDE = 4,  /* alt_m */
	UAV_HAS_MOTION = 8,    /* v_north, v_east, yaw */
	UAV_HAS_CLIMB = 16,    /* v_up */
	UAV_HAS_ATTITUDE = 32, /* pitch, roll */
	UAV_HAS_STATE = 64,    /* airborne, motor_on */
	UAV_HAS_HOME = 128,
	UAV_HAS_OPERATOR = 256,
	UAV_HAS_PRODUCT = 512, /* DJI's number of the model */
	UAV_HAS_HEIGHT = 1024,
	UAV_HAS_OPERATOR_ID = 2048,
	UAV_HAS_SELF_ID = 4096,
	UAV_HAS_MODEL = 8192,
};

/* Degrees, metres, metres a second; what `have` does not name is 0. The spans are views into the frame. */
struct uav_report {
	uint8_t kind; /* enum uav_kind */
	uint8_t product;
	bool airborne, motor_on;
	uint32_t have; /* enum uav_have */
	double lat, lon, home_lat, home_lon, operator_lat, operator_lon;
	float alt_m, height_m, operator_alt_m, v_north, v_east, v_up, yaw, pitch, roll;
	struct span model;                        /* in words */
	struct span serial, operator_id, self_id; /* without trailing zeros and blanks */
};

/* Body of the element of OUI 26:37:12, behind the OUI; versions 1 and 2 of its flight record. True if it
 * holds one. */
bool uav_droneid(struct span s, struct uav_report *ret);
/* Messages or message packs of ASTM F3411-22a 5.4.5, behind the message counter. True if any was known. */
bool uav_remote_id(struct span s, struct uav_report *ret);
#define UAV_SERVICE 0xfffa
/* Service data of that 16-bit UUID in Bluetooth, behind the UUID: application code, counter, messages. */
bool uav_service_data(struct span s, struct uav_report *ret);
/* Whatever a management frame holds: DroneID and Remote ID elements of beacons and answers, Remote ID in
 * NAN service discovery frames. True if there was any. */
bool uav_read(const struct frame *f, struct uav_report *ret);
