#include "capture/record.h"

#include <string.h>

#include "base/mem.h"
#include "capture/drivers.h"
#include "capture/options.h"

#define C struct capture_conf
static const struct field defaults_rows[] = {
	FIELD(C, "kismet.datasourcetracker.default.hop_rate", hop_rate, "Channels a second."),
	FIELD(C, "kismet.datasourcetracker.default.hop", hop, "Change channels.", .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.split", split, "Similar sources share the channels.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.random_order", shuffle, "Channels are visited in mixed order.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.retry_on_error", retry, "Open sources again that fail.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_listen", remote_listen, "Address for remote sensors."),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_port", remote_port, "Port for remote sensors."),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_timestamp", remote_timestamp,
	      "Remote packets get this server's time.", .type = "uint8_t"),
};
struct field_table defaults_table = FIELD_TABLE(C, "datasource defaults", defaults_rows);

static const char *const state_texts[] = {"pending", "running", "done", "closed", "error", NULL};
static const struct field channel_row = FIELD_ELEM(struct channel_text, text);

/* A list whose names are joined by ','. */
static struct field_items split(const char *text, struct field_ctx *ctx)
{
	struct channel_text *items = arena_alloc(ctx->arena, sizeof(*items) * (strlen(text) / 2 + 1));
	uint32_t n = 0;

	while (*text) {
		size_t length = strcspn(text, ",");
		size_t kept = length < sizeof(items->text) ? length : sizeof(items->text) - 1;

		if (length) {
			memcpy(items[n].text, text, kept);
			items[n++].text[kept] = '\0';
		}
		text += length + (text[length] == ',');
	}
	return (struct field_items){items, n};
}

static struct field_items channels_of(const void *obj, struct field_ctx *ctx)
{
	return split(((const struct source_record *) obj)->channels, ctx);
}

static struct field_items hop_channels_of(const void *obj, struct field_ctx *ctx)
{
	return split(((const struct source_record *) obj)->hop_channels, ctx);
}

static const void *history_of(const struct source_history *from, struct field_ctx *ctx)
{
	struct history h = from->h;

	h.kept.p = h.kept.n ? (uint8_t *) (uintptr_t) from->kept : NULL;
	return history_view(&h, HISTORY_OCTETS, ctx);
}

static const void *packets_history(const void *obj, struct field_ctx *ctx)
{
	return history_of(&((const struct source_record *) obj)->packets_history, ctx);
}

static const void *octets_history(const void *obj, struct field_ctx *ctx)
{
	return history_of(&((const struct source_record *) obj)->octets_history, ctx);
}

static uint64_t zero(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return 0;
}

#define S struct source_record
static const struct field source_rows[] = {
	FIELD(S, "kismet.datasource.source_number", number, "Running number."),
	FIELD(S, "kismet.datasource.source_key", key, "Sum over the text of the uuid."),
	FIELD_IN(S, "kismet.datasource.type_driver", driver, &driver_table, "Kind of the source."),
	FIELD(S, "kismet.datasource.name", name, "Name."),
	FIELD(S, "kismet.datasource.uuid", uuid, "UUID."),
	FIELD(S, "kismet.datasource.interface", interface, "Interface of the definition."),
	FIELD(S, "kismet.datasource.capture_interface", capture_interface, "Interface that is captured."),
	FIELD(S, "kismet.datasource.definition", definition, "Definition, its options by name."),
	FIELD(S, "kismet.datasource.hardware", hardware, "Chipset and driver."),
	FIELD(S, "kismet.datasource.ipc_binary", ipc_binary, "Name of the helper."),
	FIELD(S, "kismet.datasource.datasource_version", version, "Version of the helper."),
	FIELD(S, "kismet.datasource.remote_ip", remote_ip, "Address of a remote sensor."),
	FIELD(S, "kismet.datasource.ipc_pid", pid, "Process of the helper; -1: none."),
	FIELD(S, "kismet.datasource.dlt", dlt, "Link type of the latest packet."),
	FIELD(S, "kismet.datasource.running", running, "Capture is running.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.paused", paused, "Packets are left out.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.remote", remote, "It runs on another machine.", .type = "uint8_t"),
	FIELD_CALL_U64("kismet.datasource.passive", zero, "It is fed over HTTP.", .type = "uint8_t"),
	FIELD_CALL_U64("kismet.datasource.cmd_pending", zero, "Commands on their way.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error", error, "The source failed.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error_reason", error_reason, "Why it failed, or ended early."),
	FIELD(S, "kismet.datasource.warning", warning, "Warning about it."),
	FIELD(S, "kismet.datasource.retry", retry, "It is opened again after a failure.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.retry_attempts", retry_attempts, "Failures in a row."),
	FIELD(S, "kismet.datasource.total_retry_attempts", total_retry_attempts, "Failures in all."),
	FIELD(S, "kismet.datasource.num_packets", packets, "Packets and reports received, without those of a pause."),
	FIELD(S, "kismet.datasource.num_error_packets", error_packets, "Packets that are broken."),
	FIELD_CALL_OBJECT("kismet.datasource.packets_rrd", packets_history, &history_view_table,
			  "Packets by second, minute and hour."),
	FIELD_CALL_OBJECT("kismet.datasource.packets_datasize_rrd", octets_history, &history_view_table,
			  "Their octets."),
	FIELD(S, "kismet.datasource.channel", channel, "Channel that it stays on."),
	FIELD_CALL_LIST("kismet.datasource.channels", channels_of, sizeof(struct channel_text), &channel_row,
			"Channels that it can set."),
	FIELD(S, "kismet.datasource.hopping", hopping, "It changes channels.", .type = "uint8_t"),
	FIELD_CALL_LIST("kismet.datasource.hop_channels", hop_channels_of, sizeof(struct channel_text), &channel_row,
			"Channels that it visits."),
	FIELD(S, "kismet.datasource.hop_rate", hop_rate, "Channels a second."),
	FIELD(S, "kismet.datasource.hop_split", hop_split, "It shares channels with similar sources.",
	      .type = "uint8_t"),
	FIELD(S, "kismet.datasource.hop_offset", hop_offset, "Channel that it begins with."),
	FIELD(S, "kismet.datasource.hop_shuffle", hop_shuffle, "It visits them in mixed order.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.hop_shuffle_skip", hop_skip, "Distance between two channels."),
	FIELD_CALL_U64("kismet.datasource.linktype_override", zero, "Link type that is forced.", .type = "uint32_t"),
	FIELD(S, "kismet.datasource.info.antenna_type", antenna_type, "info_antenna_type."),
	FIELD(S, "kismet.datasource.info.antenna_gain", antenna_gain, "info_antenna_gain, dB."),
	FIELD(S, "kismet.datasource.info.antenna_orientation", antenna_orientation,
	      "info_antenna_orientation, degrees."),
	FIELD(S, "kismet.datasource.info.antenna_beamwidth", antenna_beamwidth, "info_antenna_beamwidth, degrees."),
	FIELD(S, "kismet.datasource.info.amp_type", amp_type, "info_amp_type."),
	FIELD(S, "kismet.datasource.info.amp_gain", amp_gain, "info_amp_gain, dB."),
	FIELD(S, "norn.datasource.metagps", metagps, "GPS whose position its packets take, metagps=."),
	FIELD_TEXTS(S, "norn.datasource.state", state, state_texts, "State, in a word."),
	FIELD(S, "norn.datasource.reports", reports, "Reports in JSON that were received."),
	FIELD(S, "norn.datasource.captured", captured, "Frames that the helper was given."),
	FIELD(S, "norn.datasource.kernel_dropped", kernel_dropped,
	      "Frames that the kernel lost before the helper had them."),
	FIELD(S, "norn.datasource.helper_dropped", helper_dropped, "Frames that the helper had no room for."),
	FIELD(S, "norn.datasource.lost", lost, "Frames that were lost with a connection."),
	FIELD(S, "norn.datasource.bytes_read", bytes_read, "Octets of the file that were read."),
	FIELD(S, "norn.datasource.bytes_total", bytes_total, "Octets of the file."),
	FIELD(S, "norn.datasource.frames_per_second", frames_per_second, "Frames a second over the whole run."),
};
struct field_table source_table = FIELD_TABLE(S, "datasource", source_rows);

#define I struct source_interface
static const struct field interface_rows[] = {
	FIELD(I, "kismet.datasource.probed.interface", interface, "Name for a definition."),
	FIELD(I, "kismet.datasource.probed.capture_interface", capture_interface, "Interface that would be captured."),
	FIELD(I, "kismet.datasource.probed.hardware", hardware, "Chipset and driver."),
	FIELD(I, "kismet.datasource.probed.datasource_version", version, "Version of the helper."),
	FIELD(I, "kismet.datasource.probed.in_use_uuid", in_use, "Source that uses it."),
	FIELD_IN(I, "kismet.datasource.type_driver", driver, &driver_table, "Kind of source."),
};
struct field_table interface_table = FIELD_TABLE(I, "probed interface", interface_rows);
