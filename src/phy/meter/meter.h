/* Meters that rtlamr and rtl_433 read. */
#pragma once
#include "field/series.h"
#include "track/phy.h"

#define PHY_METER 7 /* its position in phy/phys.c */

struct meter_device {
	uint64_t id;
	uint16_t type_code;
	uint8_t phy_tamper, endpoint_tamper;
	double consumption;
	struct measurements *consumed;
	char *type, *model;
};
extern struct field_table meter_table;

extern const struct phy meter_phy;
