/* Aircraft, as their squitters report them. */
#pragma once
#include "field/field.h"
#include "track/phy.h"
#include "wire/adsb/adsb.h"

#define PHY_ADSB 8 /* its position in phy/phys.c */

struct adsb_half {
	uint32_t at[2]; /* latitude and longitude as they were sent */
	uint64_t time_us;
};
struct adsb_device {
	uint32_t icao;
	uint8_t have; /* enum adsb_have, of all that was seen */
	uint8_t category;
	bool air_speed;
	int32_t altitude_ft, climb_fpm;
	double speed_kt, heading_deg;
	struct adsb_half even, odd;
	char callsign[9];
	char *registration, *model, *type, *owner;
};
extern struct field_table adsb_table;

/* The position of the aircraft seen last, and of all of them. */
struct adsb_map {
	double min_lat, max_lat, min_lon, max_lon;
	struct field_items devices; /* struct device * */
};
extern struct field_table adsb_map_table;

struct json_in;
/* The octets of the squitter that a report holds as hex; false, and *ret_n 0, when it holds none. */
bool adsb_report_octets(const struct json_in *json, uint8_t ret[ADSB_OCTETS], size_t *ret_n);

extern const struct phy adsb_phy;
