#include "feed/packet_fields.h"

#include "feed/packets.h"
#include "field/position.h"

#define P struct packet_summary

static double packet_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (double) ((const P *) obj)->time_us / 1e6;
}

static bool has_signal(const void *obj)
{
	return ((const P *) obj)->has_signal;
}
static bool has_noise(const void *obj)
{
	return ((const P *) obj)->has_noise;
}

static const void *location(const void *obj, struct field_ctx *ctx)
{
	const P *p = obj;

	(void) ctx;
	return p->position.fix ? &p->position : NULL;
}

static double rate_mbit(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const P *) obj)->rate_100kbps / 10.0;
}

static const struct field rows[] = {
	FIELD(P, "norn.packet.number", number, "Its number within this run."),
	FIELD_CALL_REAL("norn.packet.time", packet_time, "When it was received, in packet time."),
	FIELD(P, "norn.packet.bssid", bssid, "BSSID of its network."),
	FIELD(P, "norn.packet.sender", sender, "Its sender."),
	FIELD(P, "norn.packet.destination", destination, "Whom it is sent to."),
	FIELD(P, "norn.packet.transmitter", transmitter, "Which radio sent it."),
	FIELD(P, "norn.packet.length", length, "Octets on the air."),
	FIELD(P, "norn.packet.frequency", freq_khz, "Frequency in kHz; 0: unknown."),
	FIELD(P, "norn.packet.signal", signal_dbm, "Signal in dBm.", .present = has_signal),
	FIELD(P, "norn.packet.noise", noise_dbm, "Noise in dBm.", .present = has_noise),
	FIELD_CALL_REAL("norn.packet.rate", rate_mbit, "Rate in Mbit/s; 0: unknown."),
	FIELD(P, "norn.packet.linktype", linktype, "Link type, by tcpdump.org's list."),
	FIELD(P, "norn.packet.is_data", is_data, "It carries data."),
	FIELD(P, "norn.packet.duplicate", duplicate, "It was seen before, by this datasource or another."),
	FIELD(P, "norn.packet.broken", broken, "It is damaged."),
	FIELD(P, "norn.packet.alerts", tags.n_alerts, "How many alerts it raised."),
	FIELD(P, "norn.packet.hash", hash, "CRC-32 without the radio's header and the FCS."),
	FIELD_CALL_OBJECT("norn.packet.location", location, &position_table, "Where it was received."),
};
struct field_table packet_summary_table = FIELD_TABLE(P, "norn.packet", rows);
