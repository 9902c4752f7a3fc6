#include "phy/bluetooth/names.h"

const struct query_name bluetooth_names[] = {
	{.name = "class",
	 .kind = QUERY_TEXT,
	 .paths = {"bluetooth.device/bluetooth.device.major_class", "bluetooth.device/bluetooth.device.minor_class"},
	 .doc = "Major and minor class.",
	 .example = "class:phone"},
	{.name = "company",
	 .kind = QUERY_TEXT,
	 .paths = {"btle.device/norn.btle.company", "bluetooth.device/norn.bluetooth.company"},
	 .doc = "Company of its manufacturer data.",
	 .example = "company:apple"},
	{.name = "service",
	 .kind = QUERY_TEXT,
	 .paths = {"btle.device/norn.btle.service_names"},
	 .doc = "Services that it advertises.",
	 .example = "service:heart"},
	{.name = NULL},
};
