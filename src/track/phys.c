/* The table of phys, and how others are added to it. */
#include "track/phy.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "phy/adsb/adsb.h"
#include "phy/bluetooth/bluetooth.h"
#include "track/model.h"
#include "track/report.h"
#include "phy/meter/meter.h"
#include "phy/sensor/sensor.h"

/* In the order of enum phy_number; those that norn does not hear yet are named all the same. */
static const struct phy built_in[PHYS_BUILT_IN] = {
	[PHY_DOT11] = {.name = "IEEE802.11",
		       .record_name = "dot11.device",
		       .record_doc = "What the 802.11 phy knows.",
		       .record = &dot11_table,
		       .links = {LINKTYPE_IEEE802_11},
		       .fetch = dot11_fetch,
		       .dissect = dot11_dissect,
		       .apply = dot11_apply,
		       .reports = {"DOT11SCAN"},
		       .report = dot11_report},
	[PHY_SENSOR] = {.name = "RFSENSOR",
			.record_name = "sensor.device",
			.record_doc = "What a sensor measures.",
			.record = &sensor_table,
			.reports = {"rtl433"},
			.report = sensor_report},
	[PHY_ZWAVE] = {.name = "Z-Wave"},
	[PHY_BLUETOOTH] = {.name = "Bluetooth",
			   .record_name = "bluetooth.device",
			   .record_doc = "What a controller or a client tells of a Bluetooth device.",
			   .record = &bluetooth_table,
			   .links = {LINKTYPE_BLUETOOTH_HCI_H4},
			   .repeats = true,
			   .dissect = bluetooth_read,
			   .apply = bluetooth_apply,
			   .greet = bluetooth_greet,
			   .has_vendor = bluetooth_has_vendor,
			   .reports = {"BLUETOOTHSCAN", "linuxbthci"},
			   .report = bluetooth_report},
	[PHY_UAV] = {.name = "UAV",
		     .record_name = "uav.device",
		     .record_doc = "Drone: what it is and where it flies.",
		     .record = &uav_table},
	[PHY_MOUSEJACK] = {.name = "NrfMousejack"},
	[PHY_BTLE] = {.name = "BTLE",
		      .record_name = "btle.device",
		      .record_doc = "What is heard of a Bluetooth Low Energy device.",
		      .record = &btle_table,
		      .links = {LINKTYPE_BLUETOOTH_LE_LL},
		      .repeats = true,
		      .dissect = btle_read,
		      .apply = btle_apply,
		      .greet = btle_greet,
		      .has_vendor = btle_has_vendor},
	[PHY_METER] = {.name = "METER",
		       .record_name = "meter.device",
		       .record_doc = "What a meter counts.",
		       .record = &meter_table,
		       .reports = {"rtlamr", "rtl433"},
		       .report = meter_report},
	[PHY_ADSB] = {.name = "ADSB",
		      .record_name = "adsb.device",
		      .record_doc = "What an aircraft tells.",
		      .record = &adsb_table,
		      .reports = {"adsb", "rtladsb"},
		      .report = adsb_report},
	[PHY_802154] = {.name = "802.15.4"},
	[PHY_RADIATION] = {.name = "RADIATION",
			   .reports = {"radview", "radiacode", "radiation"},
			   .report = radiation_report},
};

static const char *names[PHYS_MAX]; /* of all that were added, by number */

int tracker_phy_number(const char *name)
{
	for (size_t i = 0; i < PHYS_MAX; i++) {
		const char *known = i < PHYS_BUILT_IN ? built_in[i].name : names[i];

		if (known && strcmp(known, name) == 0)
			return (int) i;
	}
	return ERR_NOT_FOUND;
}

const char *tracker_phy_name(uint8_t phy)
{
	const char *known = phy < PHYS_BUILT_IN ? built_in[phy].name : phy < PHYS_MAX ? names[phy] : NULL;

	return known ? known : "Unknown";
}

/* A getter of device rows knows nothing but the device: there is one for each number. */
#define PART(n)                                                                                                        \
	static const void *part_##n(const void *obj, struct field_ctx *ctx)                                            \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return device_part(obj, n);                                                                            \
	}
/* clang-format off */
#define PARTS(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) \
	X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) \
	X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30)
/* clang-format on */
PARTS(PART)
#define PART_NAME(n) part_##n,
static const void *(*const parts[PHYS_MAX])(const void *obj, struct field_ctx *ctx) = {PARTS(PART_NAME)};

static void add_record(const struct phy *phy, uint8_t number)
{
	const struct field row = FIELD_CALL_OBJECT(phy->record_name, parts[number], phy->record, phy->record_doc);

	device_add_part(number, phy->record, &row);
}

static bool links_are_taken(const struct tracker *t, const struct phy *phy)
{
	for (size_t i = 0; i < PHY_LINKS_MAX && phy->links[i]; i++)
		if (phy->links[i] >= LINKTYPES || t->phy_of_link[phy->links[i]])
			return true;
	return false;
}

int tracker_add_phy(struct tracker *t, const struct phy *phy)
{
	char id[64], text[96];
	struct model_phy *m = &t->phy[t->phys.count];
	uint8_t number = t->phys.count;

	if (number == PHYS_MAX)
		return ERR_LIMIT;
	for (uint8_t i = 0; i < number; i++)
		if (strcmp(t->phys.name[i], phy->name) == 0)
			return ERR_EXISTS;
	if (links_are_taken(t, phy))
		return ERR_EXISTS;
	(void) snprintf(id, sizeof(id), "phy-%.40s", phy->name);
	(void) snprintf(text, sizeof(text), "%.40s devices", phy->name);
	*m = (struct model_phy){.row = *phy, .number = number, .hash = key_phy_hash(phy->name)};
	m->view = add_view(t, id, text, false);
	for (size_t i = 0; i < PHY_LINKS_MAX && phy->links[i]; i++)
		t->phy_of_link[phy->links[i]] = (uint8_t) (number + 1);
	if (phy->record)
		add_record(phy, number);
	t->phys.name[number] = names[number] = phy->name;
	t->phys.count++;
	return number;
}

void phys_add(struct tracker *t)
{
	for (size_t i = 0; i < PHYS_BUILT_IN; i++)
		(void) tracker_add_phy(t, &built_in[i]);
}
