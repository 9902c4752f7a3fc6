/* The rows of sensors: a record for each kind that a sensor is, absent when it is not. */
#include "phy/sensor/sensor.h"

#include <string.h>

#include "base/mem.h"

#define X struct sensor_device

#define SHOWN(name, measure)                                                                                           \
	static const void *name(const void *obj, struct field_ctx *ctx)                                                \
	{                                                                                                              \
		return series_view(((const X *) obj)->series[measure], ctx);                                           \
	}
SHOWN(temperature, MEASURE_TEMPERATURE)
SHOWN(humidity, MEASURE_HUMIDITY)
SHOWN(wind_dir, MEASURE_WIND_DIR)
SHOWN(wind_speed, MEASURE_WIND_SPEED)
SHOWN(wind_gust, MEASURE_WIND_GUST)
SHOWN(rain, MEASURE_RAIN)
SHOWN(uv_index, MEASURE_UV_INDEX)
SHOWN(lux, MEASURE_LUX)
SHOWN(strikes, MEASURE_STRIKES)
SHOWN(moisture, MEASURE_MOISTURE)
SHOWN(pm2_5, MEASURE_PM2_5)
SHOWN(pm10, MEASURE_PM10)
#define RRD(name, fn) FIELD_CALL_OBJECT(name, fn, &series_view_table, "The same over time.")
#define TEXT(name, m, about) FIELD(X, name, m, about, .flags = FIELD_VIEW | FIELD_NULL_EMPTY)

static const struct field common_rows[] = {
	TEXT("sensor.device.model", model, "Model, by rtl_433's name."),
	TEXT("sensor.device.id", id, "Number of the sensor."),
	TEXT("sensor.device.subchannel", subchannel, "Channel set at the sensor."),
	TEXT("sensor.device.battery", battery, "State of its battery."),
	TEXT("sensor.device.rssi", rssi, "Level of its signal, on the receiver's scale."),
	TEXT("sensor.device.snr", snr, "Level above the noise."),
	TEXT("sensor.device.noise", noise, "Level of the noise."),
	TEXT("sensor.device.last_record", last_record, "Latest report."),
};
static struct field_table common_table = FIELD_TABLE(X, "sensor common", common_rows);

static const struct field thermometer_rows[] = {
	FIELD(X, "sensor.device.temperature", value[MEASURE_TEMPERATURE], "Degrees Celsius."),
	RRD("sensor.device.temperature_rrd", temperature),
	FIELD(X, "sensor.device.humidity", value[MEASURE_HUMIDITY], "Relative humidity, percent."),
	RRD("sensor.device.humidity_rrd", humidity),
};
static struct field_table thermometer_table = FIELD_TABLE(X, "sensor thermometer", thermometer_rows);

static double bar(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const X *) obj)->value[MEASURE_PRESSURE] / 100;
}
static double psi(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const X *) obj)->value[MEASURE_PRESSURE] / 6.894757;
}
static const struct field tpms_rows[] = {
	FIELD(X, "sensor.device.tpms.temperature", value[MEASURE_TEMPERATURE], "Degrees Celsius."),
	FIELD_CALL_REAL("sensor.device.tpms.pressure_bar", bar, "Pressure in bar."),
	FIELD_CALL_REAL("sensor.device.tpms.pressure_psi", psi, "Pressure in psi."),
	FIELD(X, "sensor.device.tpms.pressure_kpa", value[MEASURE_PRESSURE], "Pressure in kPa."),
	TEXT("sensor.device.tpms.flags", flags, "Flags."),
	TEXT("sensor.device.tpms.state", state, "State."),
	TEXT("sensor.device.tpms.checksum", checksum, "Checksum."),
	TEXT("sensor.device.tpms.code", code, "Code."),
};
static struct field_table tpms_table = FIELD_TABLE(X, "sensor tpms", tpms_rows);

static const struct field weather_rows[] = {
	FIELD(X, "sensor.device.wind_dir", value[MEASURE_WIND_DIR], "Where the wind comes from, degrees."),
	RRD("sensor.device.wind_dir_rrd", wind_dir),
	FIELD(X, "sensor.device.wind_speed", value[MEASURE_WIND_SPEED], "Wind, km/h."),
	RRD("sensor.device.wind_speed_rrd", wind_speed),
	FIELD(X, "sensor.device.wind_gust", value[MEASURE_WIND_GUST], "Gusts, km/h."),
	RRD("sensor.device.wind_gust_rrd", wind_gust),
	FIELD(X, "sensor.device.rain", value[MEASURE_RAIN], "Rain, mm."),
	RRD("sensor.device.rain_rrd", rain),
	FIELD(X, "sensor.device.rain_raw", value[MEASURE_RAIN_RAW], "Rain counter, as sent."),
	FIELD(X, "sensor.device.uv_index", value[MEASURE_UV_INDEX], "UV index."),
	RRD("sensor.device.uv_index_rrd", uv_index),
	FIELD(X, "sensor.device.lux", value[MEASURE_LUX], "Light, lux."),
	RRD("sensor.device.lux_rrd", lux),
};
static struct field_table weather_table = FIELD_TABLE(X, "sensor weatherstation", weather_rows);

static const struct field switch_rows[] = {
	TEXT("sensor.device.switch.1", switches[0], "State of the first switch."),
	TEXT("sensor.device.switch.2", switches[1], "State of the second switch."),
	TEXT("sensor.device.switch.3", switches[2], "State of the third switch."),
	TEXT("sensor.device.switch.4", switches[3], "State of the fourth switch."),
	TEXT("sensor.device.switch.5", switches[4], "State of the fifth switch."),
};
static struct field_table switch_table = FIELD_TABLE(X, "sensor switch", switch_rows);

static const struct field insteon_rows[] = {
	TEXT("sensor.device.from_id", from_id, "Who sent it."),
	TEXT("sensor.device.to_id", to_id, "Who it is for."),
	TEXT("sensor.device.msg_type", msg_type, "Type of message."),
	TEXT("sensor.device.msg_str", msg_str, "The type in words."),
	TEXT("sensor.device.hopsmax", hopsmax, "Hops that it may make in all."),
	TEXT("sensor.device.hopsleft", hopsleft, "Hops that it may still make."),
};
static struct field_table insteon_table = FIELD_TABLE(X, "sensor insteon", insteon_rows);

static const struct field lightning_rows[] = {
	FIELD(X, "sensor.device.lightning_strike_count", value[MEASURE_STRIKES], "Strikes."),
	RRD("sensor.device.lightning_strike_count_rrd", strikes),
	FIELD(X, "sensor.device.lightning_storm_distance", value[MEASURE_STORM_DISTANCE], "Distance of the storm, km."),
	FIELD(X, "sensor.device.lightning_storm_active", value[MEASURE_STORM_ACTIVE], "There is a storm."),
	FIELD(X, "sensor.device.lightning_rfi", value[MEASURE_RFI], "Other disturbances."),
};
static struct field_table lightning_table = FIELD_TABLE(X, "sensor lightning", lightning_rows);

static const struct field moisture_rows[] = {
	FIELD(X, "sensor.device.moisture", value[MEASURE_MOISTURE], "Moisture of the soil, percent."),
	RRD("sensor.device.moisture_rrd", moisture),
};
static struct field_table moisture_table = FIELD_TABLE(X, "sensor moisture", moisture_rows);

static const struct field air_rows[] = {
	FIELD(X, "sensor.device.pm2_5", value[MEASURE_PM2_5], "Particles below 2.5 um, ug/m3."),
	RRD("sensor.device.pm2_5_rrd", pm2_5),
	FIELD(X, "sensor.device.pm10", value[MEASURE_PM10], "Particles below 10 um, ug/m3."),
	RRD("sensor.device.pm10_rrd", pm10),
};
static struct field_table air_table = FIELD_TABLE(X, "sensor aqi", air_rows);

static const void *always(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return obj;
}
#define OF_KIND(name, kind)                                                                                            \
	static const void *name(const void *obj, struct field_ctx *ctx)                                                \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return ((const X *) obj)->kinds & (kind) ? obj : NULL;                                                 \
	}
OF_KIND(thermometer, SENSOR_THERMOMETER)
OF_KIND(tpms, SENSOR_TPMS)
OF_KIND(weather, SENSOR_WEATHER)
OF_KIND(switches, SENSOR_SWITCH)
OF_KIND(insteon, SENSOR_INSTEON)
OF_KIND(lightning, SENSOR_LIGHTNING)
OF_KIND(soil, SENSOR_MOISTURE)
OF_KIND(air, SENSOR_AIR)

/* The members behind the records above, each by itself, so that a log can restore them. */
#define OWNED(name, m) FIELD(X, "norn.sensor." name, m, "As last reported.", .flags = FIELD_STATE)
#define OWNED_SERIES(n) FIELD_MEM(X, series[n], sizeof(struct measurements))
static const struct field value_elem = FIELD_ELEM_KIND(FIELD_REAL);
static const struct field rows[] = {
	FIELD_CALL_OBJECT("sensor.device.common", always, &common_table, "What every sensor has."),
	FIELD_CALL_OBJECT("sensor.device.thermometer", thermometer, &thermometer_table, "Temperature and humidity."),
	FIELD_CALL_OBJECT("sensor.device.tpms", tpms, &tpms_table, "Pressure of a tyre."),
	FIELD_CALL_OBJECT("sensor.device.weatherstation", weather, &weather_table, "Wind, rain and light."),
	FIELD_CALL_OBJECT("sensor.device.switch", switches, &switch_table, "Switches."),
	FIELD_CALL_OBJECT("sensor.device.insteon", insteon, &insteon_table, "Messages of Insteon."),
	FIELD_CALL_OBJECT("sensor.device.lightningsensor", lightning, &lightning_table, "Lightning."),
	FIELD_CALL_OBJECT("sensor.device.moisturesensor", soil, &moisture_table, "Moisture of the soil."),
	FIELD_CALL_OBJECT("sensor.device.aqi", air, &air_table, "Particles in the air."),
	FIELD(X, "norn.sensor.kinds", kinds, "Kinds that it is, as bits.", .flags = FIELD_STATE),
	FIELD(X, "norn.sensor.have", have, "Values that it has reported, as bits.", .flags = FIELD_STATE),
	FIELD_N(X, "norn.sensor.values", value, &value_elem, "Its latest values.", .flags = FIELD_STATE),
	OWNED("model", model),
	OWNED("id", id),
	OWNED("subchannel", subchannel),
	OWNED("battery", battery),
	OWNED("rssi", rssi),
	OWNED("snr", snr),
	OWNED("noise", noise),
	OWNED("last_record", last_record),
	OWNED("flags", flags),
	OWNED("state", state),
	OWNED("checksum", checksum),
	OWNED("code", code),
	OWNED("switch_1", switches[0]),
	OWNED("switch_2", switches[1]),
	OWNED("switch_3", switches[2]),
	OWNED("switch_4", switches[3]),
	OWNED("switch_5", switches[4]),
	OWNED("from_id", from_id),
	OWNED("to_id", to_id),
	OWNED("msg_type", msg_type),
	OWNED("msg_str", msg_str),
	OWNED("hopsmax", hopsmax),
	OWNED("hopsleft", hopsleft),
	OWNED_SERIES(MEASURE_TEMPERATURE),
	OWNED_SERIES(MEASURE_HUMIDITY),
	OWNED_SERIES(MEASURE_WIND_DIR),
	OWNED_SERIES(MEASURE_WIND_SPEED),
	OWNED_SERIES(MEASURE_WIND_GUST),
	OWNED_SERIES(MEASURE_RAIN),
	OWNED_SERIES(MEASURE_RAIN_RAW),
	OWNED_SERIES(MEASURE_UV_INDEX),
	OWNED_SERIES(MEASURE_LUX),
	OWNED_SERIES(MEASURE_PRESSURE),
	OWNED_SERIES(MEASURE_STRIKES),
	OWNED_SERIES(MEASURE_STORM_DISTANCE),
	OWNED_SERIES(MEASURE_STORM_ACTIVE),
	OWNED_SERIES(MEASURE_RFI),
	OWNED_SERIES(MEASURE_MOISTURE),
	OWNED_SERIES(MEASURE_PM2_5),
	OWNED_SERIES(MEASURE_PM10),
};
struct field_table sensor_table = FIELD_TABLE(X, "sensor", rows);
