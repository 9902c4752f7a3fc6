/* Drones: what frames report and makers' rules match goes into a record of the device's own. */
#include "phy/uav/uav.h"
#include "phy/uav/names.h"
#include "track/device_fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "field/list.h"
#include "field/load.h"
#include "field/position.h"
#include "phy/uav/antsdr.h"
#include "track/context.h"
#include "track/observe.h"
#include "track/phy.h"
#include "track/phys.h"

#define TEXT_MAX 64 /* octets of an identifier; those of Remote ID have 20 to 23 */

static const char *const match_texts[] = {
	"", "DroneID WiFi", "Remote ID WiFi", "UAV Fingerprint", "Remote ID Bluetooth", "DroneID RF", NULL};

/* DJI's numbers of models. */
static const struct {
	uint8_t product;
	const char *model;
} models[] = {
	{1, "Inspire 1"},
	{2, "Phantom 3"},
	{3, "Phantom 3"},
	{4, "Phantom 3 Standard"},
	{5, "M100"},
	{6, "ACEONE"},
	{7, "WKM"},
	{8, "NAZA"},
	{9, "A2"},
	{10, "A3"},
	{11, "Phantom 4"},
	{12, "MG1"},
	{14, "M600"},
	{15, "Phantom 3 4K"},
	{16, "Mavic Pro"},
	{17, "Inspire 2"},
	{18, "Phantom 4 Pro"},
	{20, "N2"},
	{21, "Spark"},
	{23, "M600 Pro"},
	{24, "Mavic Air"},
	{25, "M200"},
	{26, "Phantom 4"},
	{27, "Phantom 4 Advanced"},
	{28, "M210"},
	{30, "M210 RTK"},
	{31, "A3 AGRI"},
	{32, "MG2"},
	{34, "MG1A"},
	{35, "Phantom 4 RTK"},
	{36, "Phantom 4 Pro V2.0"},
	{38, "MG1P"},
	{40, "MG1P RTK"},
	{41, "Mavic 2"},
	{44, "M200 V2"},
	{51, "Mavic 2 Enterprise"},
	{53, "Mavic Mini"},
	{58, "Mavic Air 2"},
	{59, "P4M"},
	{60, "M300 RTK"},
	{61, "DJI FPV"},
	{63, "Mini 2"},
	{64, "AGRAS T10"},
	{65, "AGRAS T30"},
	{66, "Air 2S"},
	{67, "M30"},
	{68, "Mavic 3"},
	{69, "Mavic 2 Enterprise Advanced"},
	{70, "Mini SE"},
};

static const char *model_of(uint8_t product)
{
	for (size_t i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i].product == product)
			return models[i].model;
	return NULL;
}

static void keep(char **at, const char *text)
{
	if (*at && strcmp(*at, text) == 0)
		return;
	free(*at);
	*at = xstrdup(text);
}

static void keep_span(char **at, struct span s)
{
	char shown[TEXT_MAX * 6 + 1];

	(void) air_text(s.p, s.left < TEXT_MAX ? s.left : TEXT_MAX, shown, sizeof(shown));
	keep(at, shown);
}

static struct position position_of(double lat, double lon, float alt_m, uint8_t fix, uint64_t time_us)
{
	return (struct position){.lat = lat, .lon = lon, .alt_m = alt_m, .fix = fix, .time_us = time_us};
}

/* Beacons repeat their telemetry ten times a second: only what is new is kept, the newest at the end. */
static void add_telemetry(struct uav_device *x, const struct uav_telemetry *t)
{
	const struct uav_telemetry *last = x->history.count ? &x->history.items[x->history.count - 1] : NULL;
	struct uav_telemetry same = last ? *last : (struct uav_telemetry){0};

	same.time_us = t->time_us;
	same.location.time_us = t->location.time_us;
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): where padding differs, one more is kept */
	if (last && memcmp(&same, t, sizeof(same)) == 0) {
		x->history.items[x->history.count - 1] = *t;
		return;
	}
	if (x->history.count && limit_full(LIMIT_TELEMETRY, x->history.count))
		memmove(x->history.items, x->history.items + 1, --x->history.count * sizeof(*x->history.items));
	*(struct uav_telemetry *) list_add((struct list *) &x->history, sizeof(*t), NULL) = *t;
}

static void observe_flight(struct uav_device *x, const struct uav_report *r, uint64_t time_us)
{
	struct uav_telemetry t;

	if (!(r->have & (UAV_HAS_POSITION | UAV_HAS_MOTION | UAV_HAS_STATE | UAV_HAS_HEIGHT)))
		return;
	memset(&t, 0, sizeof(t)); /* compared whole */
	t.time_us = t.location.time_us = time_us;
	if (r->have & UAV_HAS_POSITION) {
		t.location.lat = r->lat;
		t.location.lon = r->lon;
		t.location.alt_m = r->alt_m;
		t.location.fix = r->have & UAV_HAS_ALTITUDE ? POSITION_FIX_3D : POSITION_FIX_2D;
	}
	t.yaw = r->yaw;
	t.pitch = r->pitch;
	t.roll = r->roll;
	t.height_m = r->height_m;
	t.v_north = r->v_north;
	t.v_east = r->v_east;
	t.v_up = r->v_up;
	t.motor_on = r->motor_on;
	t.airborne = r->airborne;
	add_telemetry(x, &t);
}

static const char *const types[] = {"UAV", NULL};

void uav_update(struct device *d, const struct uav_report *r, uint64_t time_us)
{
	static const uint8_t matches[] = {[UAV_DRONEID] = UAV_MATCH_DRONEID,
					  [UAV_REMOTE_ID] = UAV_MATCH_REMOTE_ID,
					  [UAV_REMOTE_ID_BLUETOOTH] = UAV_MATCH_BLUETOOTH,
					  [UAV_DRONEID_RADIO] = UAV_MATCH_RADIO};
	struct uav_device *x = device_own_part(d, PHY_UAV);
	const char *model = r->have & UAV_HAS_PRODUCT ? model_of(r->product) : NULL;

	if (!x)
		return;
	d->type = device_add_types(types);
	x->match = matches[r->kind];
	if (r->kind == UAV_DRONEID || r->kind == UAV_DRONEID_RADIO)
		keep(&x->manufacturer, "DJI");
	if (model)
		keep(&x->model, model);
	if (r->have & UAV_HAS_MODEL)
		keep_span(&x->model, r->model);
	if (r->have & UAV_HAS_SERIAL)
		keep_span(&x->serial, r->serial);
	if (r->have & UAV_HAS_OPERATOR_ID)
		keep_span(&x->operator_id, r->operator_id);
	if (r->have & UAV_HAS_SELF_ID)
		keep_span(&x->self_id, r->self_id);
	if (r->have & UAV_HAS_HOME) {
		x->home = position_of(r->home_lat, r->home_lon, 0, POSITION_FIX_2D, time_us);
		x->has_home = true;
	}
	if (r->have & UAV_HAS_OPERATOR) {
		x->operator_position = position_of(r->operator_lat, r->operator_lon, r->operator_alt_m,
						   r->operator_alt_m != 0 ? POSITION_FIX_3D : POSITION_FIX_2D, time_us);
		x->has_operator = true;
	}
	observe_flight(x, r, time_us);
}

void uav_take_rule(struct device *d, const struct uav_rule *r, uint16_t number)
{
	struct uav_device *x = device_own_part(d, PHY_UAV);

	if (!x || x->rule)
		return;
	d->type = device_add_types(types);
	x->rule = (uint16_t) (number + 1);
	if (x->match == UAV_MATCH_NONE)
		x->match = UAV_MATCH_RULE;
	if (!x->manufacturer)
		x->manufacturer = xstrdup(r->name);
	if (!x->model && *r->model)
		x->model = xstrdup(r->model);
}

/* The rows. */

static double telemetry_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (double) ((const struct uav_telemetry *) obj)->time_us / 1e6;
}

#define T struct uav_telemetry
static bool set_telemetry_time(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	T *t = obj;
	double sec;

	(void) row;
	(void) l;
	if (!json_in_real(v, &sec) || !(sec >= 0 && sec <= UINT32_MAX))
		return false;
	t->time_us = (uint64_t) llround(sec * 1e6);
	return true;
}
static const struct field telemetry_rows[] = {
	FIELD_IN(T, "uav.telemetry.location", location, &position_table, "Where it is."),
	FIELD_CALL_REAL("uav.telemetry.timestamp", telemetry_time, "Packet time, seconds.", .set = set_telemetry_time),
	FIELD(T, "uav.telemetry.yaw", yaw, "Heading in degrees.", .type = "double"),
	FIELD(T, "uav.telemetry.pitch", pitch, "Pitch in degrees.", .type = "double"),
	FIELD(T, "uav.telemetry.roll", roll, "Roll in degrees.", .type = "double"),
	FIELD(T, "uav.telemetry.height", height_m, "Height above ground in metres.", .type = "double"),
	FIELD(T, "uav.telemetry.v_north", v_north, "Speed to the north, metres per second.", .type = "double"),
	FIELD(T, "uav.telemetry.v_east", v_east, "Speed to the east, metres per second.", .type = "double"),
	FIELD(T, "uav.telemetry.v_up", v_up, "Climb rate, metres per second.", .type = "double"),
	FIELD(T, "uav.telemetry.motor_on", motor_on, "Its motors run.", .type = "uint8_t"),
	FIELD(T, "uav.telemetry.airborne", airborne, "It is in the air.", .type = "uint8_t"),
};
static struct field_table telemetry_table = FIELD_TABLE(T, "uav telemetry", telemetry_rows);
static const struct field telemetry_elem = FIELD_ELEM_SELF(&telemetry_table);

static const void *last_telemetry(const void *obj, struct field_ctx *ctx)
{
	const struct uav_device *x = obj;

	(void) ctx;
	return x->history.count ? &x->history.items[x->history.count - 1] : NULL;
}

static const void *rule_of(const void *obj, struct field_ctx *ctx)
{
	const struct uav_device *x = obj;
	const struct track_context *context = ctx->context;
	const struct uav_conf *c = uav_rules(context ? context->tracker : NULL);

	return x->rule && x->rule <= c->n_rules ? &c->rules[x->rule - 1] : NULL;
}

static bool has_home(const void *obj)
{
	return ((const struct uav_device *) obj)->has_home;
}
static bool has_operator(const void *obj)
{
	return ((const struct uav_device *) obj)->has_operator;
}

#define X struct uav_device
static bool set_home(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;

	x->has_home = field_load_value(row, obj, v, l);
	return x->has_home;
}
static bool set_operator(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;

	x->has_operator = field_load_value(row, obj, v, l);
	return x->has_operator;
}
/* The rule of that name, if there still is one. */
static bool set_rule(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	const struct track_context *context = l->context;
	const struct uav_conf *c = uav_rules(context ? context->tracker : NULL);
	const char *id = json_in_text(json_in_get(v, "uav_match_name"));
	X *x = obj;

	(void) row;
	for (uint16_t i = 0; id && i < c->n_rules; i++)
		if (strcmp(c->rules[i].id, id) == 0)
			x->rule = (uint16_t) (i + 1);
	return true;
}
static const struct field uav_rows[] = {
	FIELD(X, "uav.manufacturer", manufacturer, "Maker.", .flags = FIELD_NULL_EMPTY),
	FIELD(X, "uav.model", model, "Model.", .flags = FIELD_NULL_EMPTY),
	FIELD(X, "uav.serialnumber", serial, "Serial number, or its registration."),
	FIELD_TEXTS(X, "uav.match_type", match, match_texts, "How it was recognised, in words."),
	FIELD_CALL_OBJECT("uav.last_telemetry", last_telemetry, &telemetry_table, "Latest telemetry."),
	FIELD_MANY(X, "uav.telemetry_history", history, &telemetry_elem, "Telemetry, oldest first.",
		   .most = 1 + LIMIT_TELEMETRY),
	FIELD_IN(X, "uav.telemetry.home_location", home, &position_table, "Where it returns to.", .present = has_home,
		 .set = set_home),
	FIELD_IN(X, "uav.telemetry.app_location", operator_position, &position_table, "Where its operator is.",
		 .present = has_operator, .set = set_operator),
	FIELD_CALL_OBJECT("uav.type", rule_of, &uav_rule_table, "Rule that it matched.", .set = set_rule),
	FIELD(X, "norn.uav.operator_id", operator_id, "Identifier of its operator (ASTM F3411)."),
	FIELD(X, "norn.uav.self_id", self_id, "Its description of the flight (ASTM F3411)."),
};
struct field_table uav_table = FIELD_TABLE(X, "uav", uav_rows);

/* The row. */

static void *create(struct tracker *t, const void *conf)
{
	struct uav_conf *c = xnew(struct uav_conf, 1);

	(void) t;
	if (conf)
		*c = *(const struct uav_conf *) conf;
	return c;
}

const struct uav_conf *uav_rules(const struct tracker *t)
{
	static const struct uav_conf none;
	const struct uav_conf *c = t ? tracker_phy_state(t, PHY_UAV) : NULL;

	return c ? c : &none;
}

const struct phy uav_phy = {
	.name = "UAV",
	.types = types,
	.reports = {"antsdr-droneid"},
	.report = antsdr_report,
	.record_name = "uav.device",
	.names = uav_names,
	.record_doc = "Drone: what it is and where it flies.",
	.record = &uav_table,
	.create = create,
	.destroy = free,
};
