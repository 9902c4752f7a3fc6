#include "track/device_fields.h"

#include <math.h>
#include <string.h>

#include "base/limit.h"
#include "base/mem.h"
#include "field/load.h"
#include "field/position.h"
#include "field/table.h"
#include "track/bounds.h"
#include "track/context.h"

/* Of all phys. The last stays NULL. */
#define TYPES_MAX 128
static const char *type_texts[TYPES_MAX + 1] = {[DEVICE_TYPE_UNKNOWN] = ""};
static struct {
	const char *const *texts;
	uint8_t first;
} type_lists[32];
static void (*crypt_texts[32])(uint64_t bits, char ret_text[DEVICE_CRYPT_TEXT_SIZE]); /* by phy */

uint8_t device_add_types(const char *const *texts)
{
	uint8_t n = 1, i = 0;

	while (i < ARRAY_SIZE(type_lists) - 1 && type_lists[i].texts && type_lists[i].texts != texts)
		i++;
	if (type_lists[i].texts)
		return type_lists[i].first;
	while (type_texts[n])
		n++;
	type_lists[i].texts = texts;
	type_lists[i].first = n;
	for (; *texts && n < TYPES_MAX; texts++)
		type_texts[n++] = *texts;
	return type_lists[i].first;
}

void device_add_crypt(uint8_t phy, void (*text)(uint64_t bits, char ret_text[DEVICE_CRYPT_TEXT_SIZE]))
{
	if (phy < ARRAY_SIZE(crypt_texts))
		crypt_texts[phy] = text;
}

static const char *const signal_types[] = {"none", "dbm", "rssi", NULL};

static struct field_text text_of(const char *s)
{
	return (struct field_text){s, s ? strlen(s) : 0};
}

static const void *location_mean(const void *obj, struct field_ctx *ctx)
{
	const struct location *l = obj;
	struct position p = {.fix = l->fix, .time_us = l->last.time_us};

	if (l->samples == 0)
		return NULL;
	p.lat = atan2(l->z, hypot(l->x, l->y)) * (180 / M_PI);
	p.lon = atan2(l->y, l->x) * (180 / M_PI);
	p.alt_m = l->alt_samples ? (float) (l->alt_sum / l->alt_samples) : 0;
	return arena_copy(ctx->arena, &p, sizeof(p));
}

static bool set_mean(const struct field *row, void *obj, const struct json_in *v, struct field_load *load)
{
	struct location *l = obj;
	struct position mean = {0};

	if (!json_in_is_object(v))
		return false;
	field_load(row->table, &mean, v, load);
	l->samples = l->alt_samples = 1; /* unless a later row says otherwise */
	l->x = cos(mean.lat * (M_PI / 180)) * cos(mean.lon * (M_PI / 180));
	l->y = cos(mean.lat * (M_PI / 180)) * sin(mean.lon * (M_PI / 180));
	l->z = sin(mean.lat * (M_PI / 180));
	l->alt_sum = (double) mean.alt_m;
	return true;
}

/* How many samples the means stand for. */
static void weigh_mean(void *obj, struct field_load *load)
{
	struct location *l = obj;
	double n = l->samples;

	(void) load;
	l->x *= n;
	l->y *= n;
	l->z *= n;
	l->alt_sum *= l->alt_samples;
}

static const struct field location_rows[] = {
	FIELD(struct location, "kismet.common.location.loc_fix", fix, "Best fix seen."),
	FIELD_IN(struct location, "kismet.common.location.min_loc", min, &position_table,
		 "South-western corner of all positions."),
	FIELD_IN(struct location, "kismet.common.location.max_loc", max, &position_table,
		 "North-eastern corner of all positions."),
	FIELD_CALL_OBJECT("kismet.common.location.avg_loc", location_mean, &position_table,
			  "Mean of all positions, on the sphere.", .set = set_mean),
	FIELD_IN(struct location, "kismet.common.location.last", last, &position_table, "Latest position."),
	FIELD(struct location, "norn.location.samples", samples, "Positions in the mean.", .flags = FIELD_STATE),
	FIELD(struct location, "norn.location.alt_samples", alt_samples, "Altitudes in the mean.",
	      .flags = FIELD_STATE),
	FIELD(struct location, "norn.location.last_sample", last_sample_sec,
	      "Second of the latest position in the mean.", .flags = FIELD_STATE),
};
struct field_table location_table = FIELD_TABLE(struct location, "location", location_rows, .loaded = weigh_mean);

/* Signal. */

HISTORY_CALLS(struct signal, signal_history, history, HISTORY_SIGNAL)

static double signal_rate(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct signal *) obj)->max_rate_100kbps;
}

static bool set_rate(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	double n;

	(void) row;
	(void) l;
	if (!json_in_real(v, &n) || !(n >= 0 && n < UINT32_MAX))
		return false;
	((struct signal *) obj)->max_rate_100kbps = (uint32_t) n;
	return true;
}

/* Only values that were seen are shown. */
static void signal_loaded(void *obj, struct field_load *l)
{
	(void) l;
	((struct signal *) obj)->seen = true;
}

static const struct field signal_rows[] = {
	FIELD_TEXTS(struct signal, "kismet.common.signal.type", type, signal_types,
		    "Unit of the levels: none, dbm or rssi."),
	FIELD(struct signal, "kismet.common.signal.last_signal", last_signal, "Latest signal that is not 0.",
	      .type = "int32_t"),
	FIELD(struct signal, "kismet.common.signal.last_noise", last_noise, "Latest noise that is not 0.",
	      .type = "int32_t"),
	FIELD(struct signal, "kismet.common.signal.min_signal", min_signal, "Weakest signal.", .type = "int32_t"),
	FIELD(struct signal, "kismet.common.signal.min_noise", min_noise, "Lowest noise.", .type = "int32_t"),
	FIELD(struct signal, "kismet.common.signal.max_signal", max_signal, "Strongest signal.", .type = "int32_t"),
	FIELD(struct signal, "kismet.common.signal.max_noise", max_noise, "Highest noise.", .type = "int32_t"),
	FIELD_CALL_REAL("kismet.common.signal.maxseenrate", signal_rate,
			"Highest rate of a frame, in units of 100 kbit/s.", .set = set_rate),
	FIELD(struct signal, "kismet.common.signal.encodingset", encodings, "Bits of the encodings seen.",
	      .type = "uint64_t"),
	FIELD(struct signal, "kismet.common.signal.carrierset", carriers, "Bits of the carriers seen.",
	      .type = "uint64_t"),
	HISTORY_ROWS("kismet.common.signal.signal_rrd", "norn.signal.history", signal_history, &history_minute_table,
		     "Signal over the past minute."),
	HISTORY_ROW(struct signal, history),
};
struct field_table signal_table = FIELD_TABLE(struct signal, "signal data", signal_rows, .loaded = signal_loaded);

/* Who saw it. */

static const struct field freq_key = FIELD_ELEM(struct freq_count, khz);
static const struct field freq_value = FIELD_ELEM(struct freq_count, packets);

static struct field_text seenby_uuid(const void *obj, struct field_ctx *ctx)
{
	const struct track_context *context = ctx->context;
	const struct seenby *s = obj;
	char text[UUID_TEXT_SIZE];
	struct uuid u;

	if (!context || !track_context_uuid(context, s->source, &u))
		return (struct field_text){0};
	uuid_format(&u, text);
	return arena_text(ctx, text);
}

static bool set_seenby_uuid(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	const char *text = json_in_text(v);
	struct seenby *s = obj;
	struct uuid u;
	int n = -1;

	(void) row;
	if (text && uuid_parse(text, strlen(text), &u) >= 0 && l->context)
		n = track_context_remember(l->context, &u);
	if (n >= 0)
		s->source = (uint16_t) n;
	else
		l->drop = true;
	return n >= 0;
}

static const struct field source_rows[] = {
	FIELD(struct source_shown, "kismet.datasource.uuid", uuid, "UUID of the datasource."),
	FIELD(struct source_shown, "kismet.datasource.name", name, "Its name."),
	FIELD(struct source_shown, "kismet.datasource.interface", interface, "Interface of its definition."),
	FIELD(struct source_shown, "kismet.datasource.hardware", hardware, "Chipset and driver."),
};
static struct field_table source_shown_table = FIELD_TABLE(struct source_shown, "datasource of seenby", source_rows);

static const void *seenby_source(const void *obj, struct field_ctx *ctx)
{
	const struct seenby *s = obj;
	struct source_shown shown;

	if (!ctx->context || !track_context_shown(ctx->context, s->source, &shown))
		return NULL;
	return arena_copy(ctx->arena, &shown, sizeof(shown));
}

static void take_name(const struct json_in *v, const char *name, char ret[SOURCE_SHOWN_SIZE])
{
	const char *text = json_in_text(json_in_get(v, name));

	(void) snprintf(ret, SOURCE_SHOWN_SIZE, "%s", text ? text : "");
}

/* Behind the uuid, which has made the number. */
static bool set_seenby_source(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	const struct seenby *s = obj;
	struct source_shown shown = {0};

	(void) row;
	if (l->drop || !l->context || s->source < TRACK_SOURCES_MAX)
		return false;
	take_name(v, "kismet.datasource.name", shown.name);
	take_name(v, "kismet.datasource.interface", shown.interface);
	take_name(v, "kismet.datasource.hardware", shown.hardware);
	track_context_names(l->context, s->source, &shown);
	return true;
}

#define R struct seenby_radio
static const struct field seenby_radio_rows[] = {
	FIELD_KEYED(R, "", freqs, &freq_key, &freq_value, "Owned list.", .flags = FIELD_HIDDEN),
	FIELD_IN(R, "", signal, &signal_table, "Its levels.", .flags = FIELD_HIDDEN),
};
static struct field_table seenby_radio_table = FIELD_TABLE(R, "seenby radio", seenby_radio_rows);

static const struct field seenby_rows[] = {
	FIELD_CALL_TEXT("kismet.common.seenby.uuid", seenby_uuid, "UUID of the datasource.", .type = "uuid",
			.flags = FIELD_LOCKS, .set = set_seenby_uuid),
	FIELD_CALL_OBJECT("kismet.common.seenby.source", seenby_source, &source_shown_table,
			  "The datasource by its names.", .flags = FIELD_LOCKS, .set = set_seenby_source),
	FIELD(struct seenby, "kismet.common.seenby.first_time", first_sec, "Packet time of the source's first frame.",
	      .type = "uint64_t"),
	FIELD(struct seenby, "kismet.common.seenby.last_time", last_sec, "Packet time of the source's latest frame.",
	      .type = "uint64_t"),
	FIELD(struct seenby, "kismet.common.seenby.num_packets", packets, "Frames that the source received."),
	FIELD_OWN(struct seenby, "", radio, &seenby_radio_table, "How it was received.", .flags = FIELD_HIDDEN),
	FIELD_KEYED(R, "kismet.common.seenby.freq_khz_map", freqs, &freq_key, &freq_value,
		    "The source's frames by frequency in kHz, with keep_per_datasource_stats.",
		    .type = "map[double, x]", .most = LIMIT_FREQUENCIES, FIELD_BEHIND(struct seenby, radio)),
	FIELD_IN(R, "kismet.common.seenby.signal", signal, &signal_table,
		 "Signal levels at the source, with keep_per_datasource_stats.", FIELD_BEHIND(struct seenby, radio)),
};
static struct field_table seenby_table = FIELD_TABLE(struct seenby, "seenby", seenby_rows);

static const struct field seenby_elem = FIELD_ELEM_SELF(&seenby_table);
static const struct field tag_key = FIELD_ELEM(struct tag, name);
static const struct field tag_value = FIELD_ELEM(struct tag, value);
static const struct field key_elem = FIELD_ELEM_KIND(FIELD_KEY);
static const struct field related_key = FIELD_ELEM(struct related, relation);
static const struct field related_value =
	FIELD_MANY(struct related, "", keys, &key_elem, "", .most = 1 + LIMIT_RELATED);

/* The device. */

static struct field_text device_phyname(const void *obj, struct field_ctx *ctx)
{
	const struct track_context *context = ctx->context;
	const struct device *d = obj;

	return text_of(context && d->phy < context->phys->count ? context->phys->name[d->phy] : "");
}

static struct field_text device_commonname(const void *obj, struct field_ctx *ctx)
{
	const struct device *d = obj;
	char text[MAC_TEXT_SIZE];

	if (d->username && *d->username)
		return text_of(d->username);
	if (d->name && *d->name)
		return text_of(d->name);
	mac_format(&d->key.mac, text);
	return arena_text(ctx, text);
}

static struct field_text device_manuf(const void *obj, struct field_ctx *ctx)
{
	const struct track_context *context = ctx->context;

	return text_of(vendor_name(context ? context->vendors : NULL, ((const struct device *) obj)->vendor));
}

bool device_crypt_text(const struct device *d, char ret_text[DEVICE_CRYPT_TEXT_SIZE])
{
	*ret_text = '\0';
	if (!d->crypt_known || d->phy >= ARRAY_SIZE(crypt_texts) || !crypt_texts[d->phy])
		return false;
	crypt_texts[d->phy](d->crypt_bits, ret_text);
	return true;
}

static struct field_text device_crypt(const void *obj, struct field_ctx *ctx)
{
	char text[DEVICE_CRYPT_TEXT_SIZE];

	return device_crypt_text(obj, text) ? arena_text(ctx, text) : text_of("");
}

static struct field_text device_server_uuid(const void *obj, struct field_ctx *ctx)
{
	const struct track_context *context = ctx->context;
	char text[UUID_TEXT_SIZE];

	(void) obj;
	if (!context)
		return (struct field_text){0};
	uuid_format(&context->server_uuid, text);
	return arena_text(ctx, text);
}

HISTORY_CALLS(struct device, packets_history, packets_history, HISTORY_COUNT)
HISTORY_CALLS(struct device, rx_history, rx_history, HISTORY_COUNT)
HISTORY_CALLS(struct device, tx_history, tx_history, HISTORY_COUNT)
HISTORY_CALLS(struct device, datasize_history, datasize_history, HISTORY_OCTETS)

/* What logs hold in addition, to be read back. */
#define STATE_VERSION 1
static uint64_t state_version(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return STATE_VERSION;
}
static bool set_version(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	int64_t n;

	(void) row;
	(void) obj;
	if (!json_in_whole(v, &n) || n < 0 || n > STATE_VERSION)
		return false;
	l->version = (uint32_t) n;
	return true;
}
static bool is_archived(const void *obj)
{
	return ((const struct device *) obj)->archived;
}

static bool has_crypt(const void *obj)
{
	return ((const struct device *) obj)->crypt_known;
}
static bool set_crypt(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	struct device *d = obj;

	d->crypt_known = field_load_value(row, obj, v, l);
	return d->crypt_known;
}

static bool has_signal(const void *obj)
{
	return ((const struct device *) obj)->signal.seen;
}

#define D struct device
static const struct field base_rows[] = {
	FIELD_CALL_U64("norn.base.state", state_version, "Version of the members that are read back.",
		       .flags = FIELD_STATE, .set = set_version),
	FIELD(D, "kismet.device.base.key", key, "Unique name: phy and address."),
	FIELD(D, "kismet.device.base.macaddr", key.mac, "Address of the device.", .flags = FIELD_VIEW),
	FIELD_CALL_TEXT("kismet.device.base.phyname", device_phyname, "Name of the phy that owns the record."),
	FIELD(D, "kismet.device.base.name", name, "Name that the phy derives, such as an SSID.",
	      .flags = FIELD_NULL_EMPTY),
	FIELD(D, "kismet.device.base.username", username, "Name that the user gave."),
	FIELD_CALL_TEXT("kismet.device.base.commonname", device_commonname,
			"What to show: the user's name, else the phy's, else the address."),
	FIELD_TEXTS(D, "kismet.device.base.type", type, type_texts, "Kind of device, in words."),
	FIELD(D, "kismet.device.base.basic_type_set", basic_type_set,
	      "Bits: access point 1, client 2, wired 4, peer 8.", .type = "uint64_t"),
	FIELD(D, "norn.as_of", last_sec,
	      "As of when a record of the archive is: the second at which it was seen last then.", .flags = FIELD_VIEW,
	      .present = is_archived),
	FIELD_CALL_TEXT("kismet.device.base.crypt", device_crypt, "Encryption, in words."),
	FIELD(D, "norn.base.crypt", crypt_bits, "Encryption, 64 bits.", .flags = FIELD_STATE, .present = has_crypt,
	      .set = set_crypt),
	FIELD(D, "kismet.device.base.basic_crypt_set", basic_crypt_set,
	      "Bits: encrypted 2, layer 2 4, layer 3 8, weak 16, decrypted 32.", .type = "uint64_t"),
	FIELD(D, "kismet.device.base.first_time", first_sec, "Packet time of the first frame.", .type = "uint64_t"),
	FIELD(D, "kismet.device.base.last_time", last_sec, "Latest packet time.", .type = "uint64_t"),
	FIELD(D, "kismet.device.base.mod_time", mod_sec, "Server time of the latest change.", .type = "uint64_t"),
	FIELD(D, "kismet.device.base.packets.total", packets, "Frames counted for the device."),
	FIELD(D, "kismet.device.base.packets.rx_total", rx, "Frames addressed to it."),
	FIELD(D, "kismet.device.base.packets.tx_total", tx, "Frames that it sent."),
	FIELD(D, "kismet.device.base.packets.llc", llc, "Management frames."),
	FIELD(D, "kismet.device.base.packets.error", error, "Frames with errors."),
	FIELD(D, "kismet.device.base.packets.data", data, "Data frames."),
	FIELD(D, "kismet.device.base.packets.crypt", crypt, "Encrypted data frames."),
	FIELD(D, "kismet.device.base.packets.filtered", filtered, "Frames dropped by filters."),
	FIELD(D, "kismet.device.base.datasize", datasize, "Octets of data."),
	HISTORY_ROWS("kismet.device.base.packets.rrd", "norn.base.packets.history", packets_history,
		     &history_view_table, "Frames over time."),
	HISTORY_ROWS("kismet.device.base.rx_packets.rrd", "norn.base.rx.history", rx_history, &history_view_table,
		     "Frames addressed to it over time."),
	HISTORY_ROWS("kismet.device.base.tx_packets.rrd", "norn.base.tx.history", tx_history, &history_view_table,
		     "Frames that it sent over time."),
	HISTORY_ROWS("kismet.device.base.datasize.rrd", "norn.base.datasize.history", datasize_history,
		     &history_view_table, "Octets of data over time."),
	FIELD_IN(D, "kismet.device.base.signal", signal, &signal_table, "Signal levels.", .present = has_signal),
	FIELD_KEYED(D, "kismet.device.base.freq_khz_map", freqs, &freq_key, &freq_value, "Frames by frequency in kHz.",
		    .type = "map[double, x]", .first = 1 + offsetof(D, first_freq), .most = 1 + LIMIT_FREQUENCIES),
	FIELD(D, "kismet.device.base.channel", channel, "Latest channel."),
	FIELD(D, "kismet.device.base.frequency", freq_khz, "Latest frequency in kHz.", .type = "double"),
	FIELD_CALL_TEXT("kismet.device.base.manuf", device_manuf, "Vendor by address."),
	FIELD(D, "kismet.device.base.num_alerts", num_alerts, "Alerts that name the device."),
	FIELD_KEYED(D, "kismet.device.base.tags", tags, &tag_key, &tag_value, "The user's notes, by name.",
		    .type = "map[string, x]", .most = 1 + LIMIT_TAGS),
	FIELD_OWN(D, "kismet.device.base.location", location, &location_table, "Where the device was seen."),
	FIELD_MANY(D, "kismet.device.base.seenby", seenby, &seenby_elem, "Datasources that saw it.",
		   .type = "map[int, x]", .first = 1 + offsetof(D, first_seenby), .most = 1 + LIMIT_SEENBY),
	FIELD_KEYED(D, "kismet.device.base.related_devices", related, &related_key, &related_value,
		    "Keys of related devices, by relation.", .type = "map[string, x]", .most = 1 + LIMIT_RELATED),
	FIELD_CALL_TEXT("kismet.server.uuid", device_server_uuid, "UUID of the server.", .type = "uuid"),
	HISTORY_ROW(D, packets_history),
	HISTORY_ROW(D, rx_history),
	HISTORY_ROW(D, tx_history),
	HISTORY_ROW(D, datasize_history),
};

/* The device's rows with those that phys add; device_add_row() fills the rest. */
#define ROWS_MAX (ARRAY_SIZE(base_rows) + 32)
static struct field rows[ROWS_MAX];
struct field_table device_table = {.type = "device base", .rows = rows, .size = sizeof(D)};

static bool load_part(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	void *part = json_in_is_object(v) ? device_own_part_of(obj, row->table) : NULL;

	if (part)
		field_load(row->table, part, v, l);
	return part;
}

void device_add_row(const struct field *row)
{
	struct field *own;

	if (device_table.n_rows == 0) {
		memcpy(rows, base_rows, sizeof(base_rows));
		device_table.n_rows = ARRAY_SIZE(base_rows);
	}
	if (!row || device_table.n_rows == ROWS_MAX)
		return;
	own = &rows[device_table.n_rows++];
	*own = *row;
	if (!own->set)
		own->set = load_part;
	field_prepare_again(&device_table);
}
