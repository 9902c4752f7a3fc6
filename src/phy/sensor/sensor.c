/* The RFSENSOR phy: readings of rtl_433, whose names and units differ with the maker of the sensor. */
#include "phy/sensor/sensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "track/packet_ctx.h"
#include "track/report.h"

#define MILE 1.609344
#define INCH 25.4

/* Which member of a report holds which value, and its factor; the first member that is present counts. */
/* clang-format off */
static const struct {
	uint8_t measure;
	const char *name;
	double factor, zero;
} inputs[] = {
	{.measure = MEASURE_TEMPERATURE, .name = "temperature_C", .factor = 1},
	{.measure = MEASURE_TEMPERATURE, .name = "temperature_F", .factor = 5.0 / 9, .zero = -32},
	{.measure = MEASURE_TEMPERATURE, .name = "temperature_1_C", .factor = 1},
	{.measure = MEASURE_HUMIDITY, .name = "humidity", .factor = 1},
	{.measure = MEASURE_WIND_DIR, .name = "wind_dir_deg", .factor = 1},
	{.measure = MEASURE_WIND_DIR, .name = "direction_deg", .factor = 1},
	{.measure = MEASURE_WIND_DIR, .name = "wind_direction", .factor = 1},
	{.measure = MEASURE_WIND_DIR, .name = "winddirection", .factor = 1},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_avg_km_h", .factor = 1},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_speed_kph", .factor = 1},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_avg_m_s", .factor = 3.6},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_speed_ms", .factor = 3.6},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_avg_mi_h", .factor = MILE},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_speed_mph", .factor = MILE},
	{.measure = MEASURE_WIND_SPEED, .name = "wind_speed", .factor = 1},
	{.measure = MEASURE_WIND_SPEED, .name = "windstrength", .factor = 1},
	{.measure = MEASURE_WIND_GUST, .name = "wind_max_km_h", .factor = 1},
	{.measure = MEASURE_WIND_GUST, .name = "wind_max_m_s", .factor = 3.6},
	{.measure = MEASURE_WIND_GUST, .name = "gust_speed_ms", .factor = 3.6},
	{.measure = MEASURE_WIND_GUST, .name = "wind_max_mi_h", .factor = MILE},
	{.measure = MEASURE_WIND_GUST, .name = "gust_speed_mph", .factor = MILE},
	{.measure = MEASURE_WIND_GUST, .name = "gust", .factor = 1},
	{.measure = MEASURE_RAIN, .name = "rain_mm", .factor = 1},
	{.measure = MEASURE_RAIN, .name = "rainfall_mm", .factor = 1},
	{.measure = MEASURE_RAIN, .name = "rain_in", .factor = INCH},
	{.measure = MEASURE_RAIN, .name = "rain_inch", .factor = INCH},
	{.measure = MEASURE_RAIN, .name = "rainfall_accumulation_inch", .factor = INCH},
	{.measure = MEASURE_RAIN, .name = "rain_total", .factor = 1},
	{.measure = MEASURE_RAIN, .name = "total_rain", .factor = 1},
	{.measure = MEASURE_RAIN, .name = "rain", .factor = 1},
	{.measure = MEASURE_RAIN_RAW, .name = "raincounter_raw", .factor = 1},
	{.measure = MEASURE_UV_INDEX, .name = "uvi", .factor = 1},
	{.measure = MEASURE_UV_INDEX, .name = "uv_index", .factor = 1},
	{.measure = MEASURE_UV_INDEX, .name = "uv", .factor = 1},
	{.measure = MEASURE_LUX, .name = "light_lux", .factor = 1},
	{.measure = MEASURE_LUX, .name = "lux", .factor = 1},
	{.measure = MEASURE_PRESSURE, .name = "pressure_kPa", .factor = 1},
	{.measure = MEASURE_PRESSURE, .name = "pressure_PSI", .factor = 6.894757},
	{.measure = MEASURE_PRESSURE, .name = "pressure_bar", .factor = 100},
	{.measure = MEASURE_STRIKES, .name = "strike_count", .factor = 1},
	{.measure = MEASURE_STORM_DISTANCE, .name = "storm_dist_km", .factor = 1},
	{.measure = MEASURE_STORM_DISTANCE, .name = "storm_dist", .factor = 1},
	{.measure = MEASURE_STORM_ACTIVE, .name = "active", .factor = 1},
	{.measure = MEASURE_RFI, .name = "rfi", .factor = 1},
	{.measure = MEASURE_MOISTURE, .name = "moisture", .factor = 1},
	{.measure = MEASURE_PM2_5, .name = "pm2_5_ug_m3", .factor = 1},
	{.measure = MEASURE_PM10, .name = "pm10_ug_m3", .factor = 1},
	{.measure = MEASURE_PM10, .name = "pm10_0_ug_m3", .factor = 1},
};
/* clang-format on */

static uint32_t read_measures(const struct json_in *json, double values[MEASURES])
{
	uint32_t have = 0;

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		const char *const names[] = {inputs[i].name, NULL};
		double v;

		if ((have >> inputs[i].measure & 1) || !report_real(json, names, &v))
			continue;
		values[inputs[i].measure] = (v + inputs[i].zero) * inputs[i].factor;
		have |= 1u << inputs[i].measure;
	}
	return have;
}

static uint8_t kinds_of(uint32_t have, const struct json_in *json)
{
	static const struct {
		uint8_t measure, kind;
	} rows[] = {
		{MEASURE_TEMPERATURE, SENSOR_THERMOMETER},
		{MEASURE_HUMIDITY, SENSOR_THERMOMETER},
		{MEASURE_WIND_DIR, SENSOR_WEATHER},
		{MEASURE_WIND_SPEED, SENSOR_WEATHER},
		{MEASURE_WIND_GUST, SENSOR_WEATHER},
		{MEASURE_RAIN, SENSOR_WEATHER},
		{MEASURE_RAIN_RAW, SENSOR_WEATHER},
		{MEASURE_UV_INDEX, SENSOR_WEATHER},
		{MEASURE_LUX, SENSOR_WEATHER},
		{MEASURE_PRESSURE, SENSOR_TPMS},
		{MEASURE_STRIKES, SENSOR_LIGHTNING},
		{MEASURE_STORM_DISTANCE, SENSOR_LIGHTNING},
		{MEASURE_MOISTURE, SENSOR_MOISTURE},
		{MEASURE_PM2_5, SENSOR_AIR},
		{MEASURE_PM10, SENSOR_AIR},
	};
	uint8_t kinds = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (have >> rows[i].measure & 1)
			kinds |= rows[i].kind;
	if (json_in_get(json, "switch0") || json_in_get(json, "switch1"))
		kinds |= SENSOR_SWITCH;
	if (json_in_get(json, "from_id") && json_in_get(json, "to_id"))
		kinds |= SENSOR_INSTEON;
	return kinds;
}

/* What a device is. */
enum {
	TYPE_SENSOR,
	TYPE_THERMOMETER,
	TYPE_WEATHER,
	TYPE_TPMS,
	TYPE_SWITCH,
	TYPE_LIGHTNING,
	TYPE_MOISTURE,
	TYPE_AQI,
	TYPE_INSTEON,
};
static const char *const types[] = {"Sensor",   "Thermometer", "Weather Station", "TPMS", "Switch", "Lightning Sensor",
				    "Moisture", "AQI",         "Insteon",         NULL};

static uint8_t type_of(uint8_t kinds)
{
	static const struct {
		uint8_t kind, type;
	} rows[] = {
		{SENSOR_TPMS, TYPE_TPMS},       {SENSOR_LIGHTNING, TYPE_LIGHTNING},
		{SENSOR_WEATHER, TYPE_WEATHER}, {SENSOR_MOISTURE, TYPE_MOISTURE},
		{SENSOR_AIR, TYPE_AQI},         {SENSOR_SWITCH, TYPE_SWITCH},
		{SENSOR_INSTEON, TYPE_INSTEON}, {SENSOR_THERMOMETER, TYPE_THERMOMETER},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (kinds & rows[i].kind)
			return rows[i].type;
	return TYPE_SENSOR;
}

static void keep_texts(struct sensor_device *x, const struct json_in *json)
{
	report_keep(&x->model, json, "model");
	report_keep(&x->id, json, "id");
	report_keep(&x->id, json, "sensor_id");
	report_keep(&x->subchannel, json, "channel");
	report_keep(&x->battery, json, "battery_ok");
	report_keep(&x->battery, json, "battery");
	report_keep(&x->rssi, json, "rssi");
	report_keep(&x->snr, json, "snr");
	report_keep(&x->noise, json, "noise");
	if (x->kinds & SENSOR_TPMS) {
		report_keep(&x->flags, json, "flags");
		report_keep(&x->state, json, "state");
		report_keep(&x->checksum, json, "checksum");
		report_keep(&x->code, json, "code");
	}
	for (int i = 0; (x->kinds & SENSOR_SWITCH) && i < SENSOR_SWITCHES; i++) {
		char name[16];

		(void) snprintf(name, sizeof(name), "switch%d", i + 1);
		report_keep(&x->switches[i], json, name);
	}
	if (x->kinds & SENSOR_INSTEON) {
		report_keep(&x->from_id, json, "from_id");
		report_keep(&x->to_id, json, "to_id");
		report_keep(&x->msg_type, json, "msg_type");
		report_keep(&x->msg_str, json, "msg_str");
		report_keep(&x->hopsmax, json, "hopsmax");
		report_keep(&x->hopsleft, json, "hopsleft");
	}
	if (x->battery && strcmp(x->battery, "1") == 0) {
		free(x->battery);
		x->battery = xstrdup("OK");
	}
}

/* What distinguishes the sensors of a model: the number, and the channel too, as some choose numbers at random. */
static uint64_t number_of(const struct json_in *json)
{
	static const char *const names[] = {"id", "sensor_id", "device", "sid", "rid", "ws_id"};
	char text[REPORT_TEXT_MAX * 6 + 1];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (report_text(json, names[i], text, sizeof(text)))
			return report_number(text);
	return report_text(json, "channel", text, sizeof(text)) ? report_number(text) : 0;
}

static bool report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	const char *model = json_in_text(json_in_get(json, "model"));
	uint32_t have, slot;
	double values[MEASURES] = {0};
	struct sensor_device *x;
	struct shard *s;
	struct device *d;

	(void) type;
	if (!model || !*model)
		return false;
	have = read_measures(json, values);
	report_radio(json, &packet->radio);
	packet->sender = packet->transmitter = report_mac(model, number_of(json));
	d = device_lock(p, &packet->sender,
			UPDATE_PACKETS | UPDATE_FREQ | UPDATE_SEENBY | UPDATE_POSITION |
				(packet->radio.have ? UPDATE_SIGNAL : 0),
			&s, &slot);
	if (!d)
		return true;
	x = device_part(d, PHY_SENSOR);
	x->kinds |= kinds_of(have, json);
	device_set_type(p, d, type_of(x->kinds));
	keep_texts(x, json);
	for (unsigned i = 0; i < MEASURES; i++) {
		if (!(have >> i & 1))
			continue;
		x->value[i] = values[i];
		series_add(&x->series[i], p->history_sec, values[i]);
	}
	x->have |= have;
	if (!d->name && x->model)
		d->name = xstrdup(x->model);
	device_unlock(p, s, slot);
	return true;
}

const struct phy sensor_phy = {
	.name = "RFSENSOR",
	.record_name = "sensor.device",
	.record_doc = "What a sensor measures.",
	.record = &sensor_table,
	.types = types,
	.reports = {"rtl433"},
	.report = report,
};
