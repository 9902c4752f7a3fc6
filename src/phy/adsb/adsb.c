/* The ADSB phy: aircraft, as receivers report their squitters, whole or read already. */
#include "phy/adsb/adsb.h"
#include "phy/adsb/names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "phy/adsb/options.h"
#include "phy/adsb/aircraft_list.h"
#include "track/packet_ctx.h"
#include "track/report.h"

#define PAIR_US UINT64_C(10000000) /* an odd and an even frame within this time make a position */
#define KHZ 1090000

static void learn_position(const struct packet_ctx *p, struct device *d, struct adsb_device *x)
{
	struct position at = {.fix = POSITION_FIX_2D, .time_us = p->packet->time_us};
	bool odd_last = x->odd.time_us > x->even.time_us;
	uint64_t apart = odd_last ? x->odd.time_us - x->even.time_us : x->even.time_us - x->odd.time_us;

	if (!x->odd.time_us || !x->even.time_us || apart > PAIR_US ||
	    !adsb_position(x->even.at, x->odd.at, odd_last, &at.lat, &at.lon))
		return;
	if (x->have & ADSB_HAS_ALTITUDE) {
		at.alt_m = (float) (x->altitude_ft * 0.3048);
		at.fix = POSITION_FIX_3D;
	}
	at.speed_kmh = x->have & ADSB_HAS_SPEED ? (float) (x->speed_kt * 1.852) : 0;
	at.heading_deg = x->have & ADSB_HAS_HEADING ? (float) x->heading_deg : 0;
	location_update(&d->location, &at, p->server_sec);
}

static void learn(const struct packet_ctx *p, struct device *d, struct adsb_device *x, const struct adsb_frame *f)
{
	x->have |= f->have;
	if (f->have & ADSB_HAS_CALLSIGN) {
		memcpy(x->callsign, f->callsign, sizeof(x->callsign));
		x->category = f->category;
		free(d->name);
		d->name = xstrdup(x->callsign);
	}
	if (f->have & ADSB_HAS_ALTITUDE)
		x->altitude_ft = f->altitude_ft;
	if (f->have & ADSB_HAS_SPEED) {
		x->speed_kt = f->speed_kt;
		x->air_speed = f->air_speed;
	}
	if (f->have & ADSB_HAS_HEADING)
		x->heading_deg = f->heading_deg;
	if (f->have & ADSB_HAS_CLIMB)
		x->climb_fpm = f->climb_fpm;
	if (!(f->have & ADSB_HAS_POSITION) || f->surface)
		return;
	*(f->odd ? &x->odd : &x->even) = (struct adsb_half){{f->lat, f->lon}, p->packet->time_us};
	learn_position(p, d, x);
}

/* What a receiver has read by itself. */
static bool read_members(const struct json_in *json, struct adsb_frame *f)
{
	static const char *const altitude[] = {"altitude", "alt", NULL}, *const speed[] = {"speed", NULL},
				 *const heading[] = {"heading", NULL}, *const climb[] = {"vrate", NULL};
	const char *icao = json_in_text(json_in_get(json, "icao")), *name;
	double v;
	char *end;

	memset(f, 0, sizeof(*f));
	if (!icao)
		return false;
	f->icao = (uint32_t) strtoul(icao, &end, 16);
	if (*end || end == icao || f->icao > 0xffffff)
		return false;
	name = json_in_text(json_in_get(json, "callsign"));
	if (name && *name && strlen(name) < sizeof(f->callsign) &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-") == strlen(name)) {
		memcpy(f->callsign, name, strlen(name) + 1);
		f->have |= ADSB_HAS_CALLSIGN;
	}
	if (report_real(json, altitude, &v) && fabs(v) < 200000) {
		f->altitude_ft = (int32_t) v;
		f->have |= ADSB_HAS_ALTITUDE;
	}
	if (report_real(json, speed, &f->speed_kt) && f->speed_kt >= 0 && f->speed_kt < 10000)
		f->have |= ADSB_HAS_SPEED;
	if (report_real(json, heading, &f->heading_deg) && f->heading_deg >= 0 && f->heading_deg <= 360)
		f->have |= ADSB_HAS_HEADING;
	if (report_real(json, climb, &v) && fabs(v) < 200000) {
		f->climb_fpm = (int32_t) v;
		f->have |= ADSB_HAS_CLIMB;
	}
	name = json_in_text(json_in_get(json, "gsas"));
	f->air_speed = name && strcmp(name, "AS") == 0;
	return true;
}

bool adsb_report_octets(const struct json_in *json, uint8_t ret[ADSB_OCTETS], size_t *ret_n)
{
	static const char *const names[] = {"adsb", "raw", "frame", "msg", "message"};

	*ret_n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text = json_in_text(json_in_get(json, names[i]));

		*ret_n = text ? adsb_hex(text, strlen(text), ret) : 0;
		if (*ret_n)
			return true;
	}
	return false;
}

static void keep(char **text, const char *said)
{
	if (*said && !*text)
		*text = xstrdup(said);
}

/* What the receiver's own list says of the aircraft, else what the machine's does. */
static void learn_registry(struct adsb_device *x, const struct json_in *json, const struct aircraft_entry *entry)
{
	report_keep(&x->registration, json, "regid");
	report_keep(&x->model, json, "mdl");
	report_keep(&x->type, json, "atype");
	report_keep(&x->owner, json, "aoperator");
	keep(&x->registration, entry->registration);
	keep(&x->model, entry->type);
}

static bool report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	uint8_t octets[ADSB_OCTETS];
	struct aircraft_entry entry = {"", ""};
	struct adsb_frame f;
	struct adsb_device *x;
	struct shard *s;
	struct device *d;
	uint32_t slot;
	size_t n;

	(void) type;
	if (!(adsb_report_octets(json, octets, &n) && adsb_read(span_of(octets, n), &f)) && !read_members(json, &f))
		return false;
	(void) aircraft_list_find(p->phy->state, f.icao, &entry);
	packet->sender = packet->transmitter = report_mac("ADSB", f.icao);
	packet->radio.freq_khz = KHZ;
	(void) snprintf(p->channel, sizeof(p->channel), "1090");
	d = device_lock(p, &packet->sender, UPDATE_PACKETS | UPDATE_FREQ | UPDATE_CHANNEL | UPDATE_SEENBY, &s, &slot);
	if (!d)
		return true;
	x = device_part(d, PHY_ADSB);
	device_set_type(p, d, 0);
	x->icao = f.icao;
	learn(p, d, x, &f);
	learn_registry(x, json, &entry);
	device_unlock(p, s, slot);
	return true;
}

/* The rows. */

#define X struct adsb_device
static struct field_text text_or_unknown(const char *s)
{
	s = s ? s : "Unknown";
	return (struct field_text){s, strlen(s)};
}

static struct field_text icao_text(const void *obj, struct field_ctx *ctx)
{
	char text[8];

	(void) snprintf(text, sizeof(text), "%06X", ((const X *) obj)->icao & 0xffffff);
	return (struct field_text){arena_copy(ctx->arena, text, sizeof(text)), 6};
}
static bool set_icao(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	const char *text = json_in_text(v);

	(void) row;
	(void) l;
	((X *) obj)->icao = text ? (uint32_t) strtoul(text, NULL, 16) & 0xffffff : 0;
	return text;
}
#define TEXT(name)                                                                                                     \
	static struct field_text name##_text(const void *obj, struct field_ctx *ctx)                                   \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return text_or_unknown(((const X *) obj)->name);                                                       \
	}
TEXT(registration)
TEXT(model)
TEXT(type)
TEXT(owner)

static uint64_t type_letter(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;

	(void) ctx;
	return x->type ? (uint8_t) x->type[0] : 0;
}

static const struct field icao_rows[] = {
	FIELD(X, "adsb.icao.icao", icao, "ICAO address, as a number."),
	FIELD_CALL_TEXT("adsb.icao.regid", registration_text, "Registration."),
	FIELD_CALL_TEXT("adsb.icao.type", type_text, "Type, in words."),
	FIELD_CALL_TEXT("adsb.icao.model", model_text, "Model."),
	FIELD_CALL_TEXT("adsb.icao.owner", owner_text, "Owner or operator."),
	FIELD_CALL_TEXT("adsb.icao.atype", type_text, "Kind of aircraft."),
	FIELD_CALL_U64("adsb.icao.atype_short", type_letter, "Kind of aircraft, as one letter's number.",
		       .type = "uint8_t"),
};
static struct field_table icao_table = FIELD_TABLE(X, "adsb icao", icao_rows);

static const void *itself(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return obj;
}
static struct field_text speed_kind(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;

	(void) ctx;
	return x->have & ADSB_HAS_SPEED ? text_or_unknown(x->air_speed ? "AS" : "GS") : (struct field_text){"", 0};
}
static double raw(uint32_t v)
{
	return v;
}
#define RAW(half, i, name)                                                                                             \
	static double name(const void *obj, struct field_ctx *ctx)                                                     \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return raw(((const X *) obj)->half.at[i]);                                                             \
	}
RAW(odd, 0, odd_lat)
RAW(odd, 1, odd_lon)
RAW(even, 0, even_lat)
RAW(even, 1, even_lon)
static uint64_t odd_sec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const X *) obj)->odd.time_us / 1000000;
}
static uint64_t even_sec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const X *) obj)->even.time_us / 1000000;
}

static const struct field rows[] = {
	FIELD_CALL_TEXT("adsb.device.icao", icao_text, "ICAO address in hex.", .set = set_icao),
	FIELD_CALL_OBJECT("kismet.adsb.icao_record", itself, &icao_table, "The aircraft in the receiver's list."),
	FIELD_CALL_OBJECT("adsb.device.icao_record", itself, &icao_table, "The same."),
	FIELD_CALL_TEXT("adsb.device.gsas", speed_kind, "Kind of speed: GS over ground, AS through the air."),
	FIELD(X, "adsb.device.callsign", callsign, "Callsign."),
	FIELD_CALL_REAL("adsb.device.odd_raw_lat", odd_lat, "Latitude of its odd frames, as sent."),
	FIELD_CALL_REAL("adsb.device.odd_raw_lon", odd_lon, "Longitude of its odd frames, as sent."),
	FIELD_CALL_U64("adsb.device.odd_ts", odd_sec, "Packet time of the latest odd frame."),
	FIELD_CALL_REAL("adsb.device.even_raw_lat", even_lat, "Latitude of its even frames, as sent."),
	FIELD_CALL_REAL("adsb.device.even_raw_lon", even_lon, "Longitude of its even frames, as sent."),
	FIELD_CALL_U64("adsb.device.even_ts", even_sec, "Packet time of the latest even frame."),
	FIELD(X, "norn.adsb.altitude", altitude_ft, "Barometric altitude, feet."),
	FIELD(X, "norn.adsb.speed", speed_kt, "Speed, knots."),
	FIELD(X, "norn.adsb.heading", heading_deg, "Heading, degrees."),
	FIELD(X, "norn.adsb.climb", climb_fpm, "Climb rate, feet per minute."),
	FIELD(X, "norn.adsb.category", category,
	      "Emitter category: A to D as 4 to 1 in the upper half, its number in the lower."),
	FIELD(X, "norn.adsb.have", have, "What was seen of it, as bits.", .flags = FIELD_STATE),
	FIELD(X, "norn.adsb.air_speed", air_speed, "Its speed is through the air.", .flags = FIELD_STATE),
	FIELD(X, "norn.adsb.registration", registration, "Registration.", .flags = FIELD_STATE),
	FIELD(X, "norn.adsb.model", model, "Model.", .flags = FIELD_STATE),
	FIELD(X, "norn.adsb.type", type, "Type, in words.", .flags = FIELD_STATE),
	FIELD(X, "norn.adsb.owner", owner, "Owner or operator.", .flags = FIELD_STATE),
};
struct field_table adsb_table = FIELD_TABLE(X, "adsb", rows);

#undef X
#define X struct adsb_map
static struct field_items map_devices(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const X *) obj)->devices;
}
static const struct field device_elem = {.name = "", .doc = "", .kind = FIELD_POINTER, .table = &device_table};
static const struct field map_rows[] = {
	FIELD(X, "kismet.adsb.map.min_lat", min_lat, "Southernmost latitude."),
	FIELD(X, "kismet.adsb.map.max_lat", max_lat, "Northernmost latitude."),
	FIELD(X, "kismet.adsb.map.min_lon", min_lon, "Westernmost longitude."),
	FIELD(X, "kismet.adsb.map.max_lon", max_lon, "Easternmost longitude."),
	FIELD_CALL_LIST("kismet.adsb.map.devices", map_devices, sizeof(struct device *), &device_elem,
			"Aircraft whose position is known."),
};
struct field_table adsb_map_table = FIELD_TABLE(X, "adsb map", map_rows);

static const char *const types[] = {"Airplane", NULL};

static void *create(struct tracker *t, const void *conf)
{
	(void) t;
	return aircraft_list_create(conf ? ((const struct adsb_conf *) conf)->registry : NULL);
}

static void destroy(void *state)
{
	aircraft_list_destroy(state);
}

const struct phy adsb_phy = {
	.create = create,
	.destroy = destroy,
	.name = "ADSB",
	.record_name = "adsb.device",
	.names = adsb_names,
	.record_doc = "An aircraft as its squitters report it.",
	.record = &adsb_table,
	.types = types,
	.reports = {"adsb", "rtladsb"},
	.report = report,
};
