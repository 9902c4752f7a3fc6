/* The rows of the sighting. */
#include "track/context.h"
#include "track/device.h"
#include "track/sighting.h"

#define S struct sighting

static const char *const signal_types[] = {"none", "dbm", "rssi", NULL};

static bool has_signal(const void *obj)
{
	return ((const S *) obj)->signal_type != SIGNAL_NONE;
}

static bool has_position(const void *obj)
{
	return ((const S *) obj)->has_position;
}

static bool has_network(const void *obj)
{
	return !mac_is_zero(&((const S *) obj)->bssid);
}

static struct field_text phy_name(const void *obj, struct field_ctx *ctx)
{
	const struct track_context *context = ctx->context;
	uint8_t phy = ((const S *) obj)->phy;

	if (!context || !context->phys || phy >= context->phys->count)
		return (struct field_text){NULL, 0};
	return (struct field_text){context->phys->name[phy], strlen(context->phys->name[phy])};
}

/* clang-format off */
static const struct field rows[] = {
	FIELD(S, "norn.sighting.number", number, "Its number within this run; 0: its minute has not ended."),
	FIELD(S, "norn.sighting.start", start_sec, "Second at which it begins, in packet time."),
	FIELD(S, "norn.sighting.seconds", seconds, "Seconds that it spans (norn_sighting_seconds)."),
	FIELD(S, "norn.sighting.key", device, "Key of the device."),
	FIELD(S, "norn.sighting.macaddr", device.mac, "Address of the device."),
	FIELD_CALL_TEXT("norn.sighting.phyname", phy_name, "Phy of the device."),
	FIELD(S, "norn.sighting.source", source, "UUID of the datasource that saw it."),
	FIELD(S, "norn.sighting.bssid", bssid, "BSSID of the network that it was with: of its data frames, or else of what it sent.",
	      .present = has_network),
	FIELD(S, "norn.sighting.frames", frames,
	      "Frames that it sent or that were sent to it; 0: it was only named as their network."),
	FIELD(S, "norn.sighting.sent", sent, "Of these, frames that it sent."),
	FIELD(S, "norn.sighting.duplicates", duplicates,
	      "Of these, frames that were seen before, by this datasource or another."),
	FIELD(S, "norn.sighting.octets", octets, "Octets of these frames, without the radio's header."),
	FIELD(S, "norn.sighting.retries", retries, "Of these, frames that say that they were sent again."),
	FIELD_TEXTS(S, "norn.sighting.signal_type", signal_type, signal_types, "Unit of the signal: none, dbm or rssi."),
	FIELD(S, "norn.sighting.signal_min", signal_least, "Least signal.", .present = has_signal),
	FIELD(S, "norn.sighting.signal_max", signal_most, "Greatest signal.", .present = has_signal),
	FIELD(S, "norn.sighting.signal_mean", signal_mean, "Mean of the signals.", .present = has_signal),
	FIELD(S, "norn.sighting.frequency", freq_khz, "Frequency of most of its frames, in kHz; 0: unknown."),
	FIELD(S, "norn.sighting.lat", lat, "Latitude of the receiver where the signal was best, in degrees.",
	      .present = has_position),
	FIELD(S, "norn.sighting.lon", lon, "Longitude of the receiver where the signal was best, in degrees.",
	      .present = has_position),
	FIELD(S, "norn.sighting.accuracy", accuracy_m, "Radius in metres that the position is within; 0: unknown.",
	      .present = has_position),
	FIELD(S, "norn.sighting.alerts", alerts, "Alerts that were raised about it."),
};
/* clang-format on */
struct field_table sighting_table = FIELD_TABLE(S, "norn.sighting", rows);
