#include <string.h>

#include "locate/drivers.h"
#include "base/mem.h"
#include "field/position.h"
#include "locate/gps.h"

#define RECEIVER_PRIORITY (-1000)
#define RECEIVER_FRESH_SEC 10

/* clang-format off */
static const struct gps_driver drivers[] = {
	{.type = "gpsd", .description = "gpsd, here or on another machine", .default_name = "gpsd",
	 .priority = RECEIVER_PRIORITY, .fresh_sec = RECEIVER_FRESH_SEC, .is_receiver = true},
	{.type = "serial", .description = "NMEA 0183 from a serial line", .default_name = "serialgps",
	 .priority = RECEIVER_PRIORITY, .fresh_sec = RECEIVER_FRESH_SEC, .is_receiver = true},
	{.type = "tcp", .description = "NMEA 0183 over TCP", .default_name = "tcpgps", .priority = RECEIVER_PRIORITY,
	 .fresh_sec = RECEIVER_FRESH_SEC, .is_receiver = true},
	{.type = "web", .description = "Positions sent by a browser or script", .default_name = "webgps"},
	{.type = "meta", .description = "Positions of the sources that name it, sent over REST",
	 .default_name = "metagps", .data_only = true},
	{.type = "virtual", .description = "A position that does not change", .default_name = "virtual"},
};
/* clang-format on */

const struct gps_driver *gps_drivers(uint32_t *ret_n)
{
	*ret_n = ARRAY_SIZE(drivers);
	return drivers;
}

#define D struct gps_driver
static const struct field driver_rows[] = {
	FIELD(D, "kismet.gps.type.class", type, "Name of the kind, for gps=."),
	FIELD(D, "kismet.gps.type.description", description, "What it reads."),
	FIELD(D, "kismet.gps.type.priority", priority, "Its default priority."),
	FIELD(D, "kismet.gps.type.default_name", default_name, "Its default name."),
	FIELD(D, "kismet.gps.type.singleton", singleton, "There can be one only."),
};
struct field_table gps_driver_table = FIELD_TABLE(D, "gps driver", driver_rows);

static struct field_text state(const void *obj, struct field_ctx *ctx)
{
	const char *text = ((const struct gps_record *) obj)->state;

	(void) ctx;
	return (struct field_text){text, text ? strlen(text) : 0};
}

static const struct field device_elem = FIELD_ELEM_SELF(&gps_device_table);
static struct field_items receivers(const void *obj, struct field_ctx *ctx)
{
	const struct gps_record *g = obj;

	(void) ctx;
	return (struct field_items){g->devices.all, g->devices.n};
}

#define G struct gps_record
static const struct field gps_rows[] = {
	FIELD(G, "kismet.gps.name", name, "Name."),
	FIELD(G, "kismet.gps.description", description, "What it reads."),
	FIELD(G, "kismet.gps.uuid", uuid, "UUID."),
	FIELD(G, "kismet.gps.definition", definition, "Definition."),
	FIELD_IN(G, "kismet.gps.type", driver, &gps_driver_table, "Kind."),
	FIELD(G, "kismet.gps.priority", priority, "Of those with a position, the one with the lowest number is used."),
	FIELD(G, "kismet.gps.connected", connected, "It can be read.", .type = "uint8_t"),
	FIELD(G, "kismet.gps.reconnect", reconnect, "It is opened again.", .type = "uint8_t"),
	FIELD(G, "kismet.gps.data_only", data_only, "Never used as the server's own position.", .type = "uint8_t"),
	FIELD(G, "kismet.gps.data_time", data_sec, "Server second of its latest data."),
	FIELD(G, "kismet.gps.signal_time", signal_sec, "Server second of its latest position."),
	FIELD_IN(G, "kismet.gps.location", location, &position_table, "Latest position."),
	FIELD_IN(G, "kismet.gps.last_location", last_location, &position_table, "The one before."),
	FIELD_CALL_TEXT("norn.gps.state", state,
			"none, connected (nothing received yet), no fix, 2D, 3D, stale, or doubted."),
	FIELD(G, "norn.gps.doubt", doubt, "Why its latest position is doubted and not used; empty when it is not."),
	FIELD_CALL_LIST("norn.gps.receivers", receivers, sizeof(struct gps_device), &device_elem,
			"The receivers behind it, each with a position of its own; the best is that of the GPS."),
	FIELD(G, "norn.gps.age", age_sec, "Seconds since its latest position."),
	FIELD(G, "norn.gps.trouble", trouble, "Why it cannot be read; empty when it can."),
	FIELD(G, "norn.gps.bad_lines", bad_lines, "Lines that were wrong or too long."),
};
struct field_table gps_table = FIELD_TABLE(G, "gps", gps_rows);
