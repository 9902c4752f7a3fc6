#include "phy/uav/names.h"

const struct query_name uav_names[] = {
	{.name = "serial",
	 .kind = QUERY_TEXT,
	 .paths = {"uav.device/uav.serialnumber"},
	 .doc = "Serial number or registration of a drone.",
	 .example = "serial:1581F*"},
	{.name = "uav",
	 .kind = QUERY_TEXT,
	 .paths = {"uav.device/uav.manufacturer", "uav.device/uav.model"},
	 .doc = "Maker and model of a drone.",
	 .example = "uav:dji"},
	{.name = "operator",
	 .kind = QUERY_TEXT,
	 .paths = {"uav.device/norn.uav.operator_id"},
	 .doc = "Identifier of a drone's operator.",
	 .example = "operator:*"},
	{.name = NULL},
};
