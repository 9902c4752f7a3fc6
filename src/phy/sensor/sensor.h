/* Sensors that rtl_433 reads. */
#pragma once
#include "field/series.h"
#include "track/phy.h"

#define PHY_SENSOR 1 /* its position in phy/phys.c */

/* What a sensor measures, each with its unit. */
enum measure {
	MEASURE_TEMPERATURE, /* degrees Celsius */
	MEASURE_HUMIDITY,    /* percent */
	MEASURE_WIND_DIR,    /* degrees */
	MEASURE_WIND_SPEED,  /* km/h */
	MEASURE_WIND_GUST,   /* km/h */
	MEASURE_RAIN,        /* mm */
	MEASURE_RAIN_RAW,
	MEASURE_UV_INDEX,
	MEASURE_LUX,
	MEASURE_PRESSURE, /* kPa, of a tyre */
	MEASURE_STRIKES,
	MEASURE_STORM_DISTANCE,
	MEASURE_STORM_ACTIVE,
	MEASURE_RFI,
	MEASURE_MOISTURE,
	MEASURE_PM2_5, /* ug/m3 */
	MEASURE_PM10,
	MEASURES,
};
/* Kinds of sensors, or-ed: one may be several. */
enum sensor_kind {
	SENSOR_THERMOMETER = 1,
	SENSOR_TPMS = 2,
	SENSOR_WEATHER = 4,
	SENSOR_SWITCH = 8,
	SENSOR_INSTEON = 16,
	SENSOR_LIGHTNING = 32,
	SENSOR_MOISTURE = 64,
	SENSOR_AIR = 128,
};
#define SENSOR_SWITCHES 5

struct sensor_device {
	uint8_t kinds; /* enum sensor_kind */
	uint32_t have; /* 1 << enum measure */
	double value[MEASURES];
	struct measurements *series[MEASURES];
	char *model, *id, *subchannel, *battery, *rssi, *snr, *noise, *last_record;
	char *flags, *state, *checksum, *code; /* of tyres */
	char *switches[SENSOR_SWITCHES];
	char *from_id, *to_id, *msg_type, *msg_str, *hopsmax, *hopsleft;
};
extern struct field_table sensor_table;

extern const struct phy sensor_phy;
