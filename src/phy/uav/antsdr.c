/* Drones that an AntSDR reads off the air: DJI's DroneID on its video link, as its datasource reports it in JSON
 * ("antsdr-droneid": degrees, metres, metres a second, MHz). Where a value has several names, the first is the one that
 * Kismet's capture program gives it; the others are those of programs that read the same box. */
#include "phy/uav/antsdr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "base/mem.h"
#include "phy/uav/uav.h"
#include "track/packet_ctx.h"
#include "track/report.h"

#define TEXT_SIZE 64
#define SPEED_MOST 200.0f     /* metres a second: no drone is faster */
#define ALTITUDE_MOST 20000.0 /* metres */

struct texts {
	char serial[TEXT_SIZE], model[TEXT_SIZE];
};

/* A position on Earth; zeros stand for none. */
static bool read_position(const struct json_in *json, const char *lat_name, const char *lon_name, double *lat,
			  double *lon)
{
	const char *const lats[] = {lat_name, NULL}, *const lons[] = {lon_name, NULL};

	return report_real(json, lats, lat) && report_real(json, lons, lon) && fabs(*lat) <= 90 && fabs(*lon) <= 180 &&
	       (*lat != 0 || *lon != 0);
}

static float speed(const struct json_in *json, const char *name, const char *other)
{
	const char *const names[] = {name, other, NULL};
	double v;

	return report_real(json, names, &v) && fabs(v) <= (double) SPEED_MOST ? (float) v : 0;
}

static void read_heights(const struct json_in *json, struct uav_report *r)
{
	static const char *const altitudes[] = {"drone_alt", "drone_altitude", "altitude", NULL},
				 *const heights[] = {"drone_height", "height", NULL};
	double v;

	if (report_real(json, altitudes, &v) && fabs(v) <= ALTITUDE_MOST) {
		r->alt_m = (float) v;
		r->have |= UAV_HAS_ALTITUDE;
	}
	if (report_real(json, heights, &v) && fabs(v) <= ALTITUDE_MOST) {
		r->height_m = (float) v;
		r->have |= UAV_HAS_HEIGHT;
	}
}

static void read_motion(const struct json_in *json, struct uav_report *r)
{
	r->v_east = speed(json, "speed_e", "speed_E");
	r->v_north = speed(json, "speed_n", "speed_N");
	r->v_up = speed(json, "speed_u", "speed_U");
	if (r->v_east != 0 || r->v_north != 0) {
		r->have |= UAV_HAS_MOTION;
		r->yaw = (float) (atan2((double) r->v_east, (double) r->v_north) * 180 / M_PI);
		r->yaw += r->yaw < 0 ? 360 : 0;
	}
	r->have |= r->v_up != 0 ? UAV_HAS_CLIMB : 0;
}

/* False for one without a serial number: it could be anybody. */
static bool read_report(const struct json_in *json, struct uav_report *r, struct texts *t)
{
	*r = (struct uav_report){.kind = UAV_DRONEID_RADIO};
	if (!report_text(json, "serial_number", t->serial, sizeof(t->serial)) || !*t->serial)
		return false;
	r->serial = span_of(t->serial, strlen(t->serial));
	r->have = UAV_HAS_SERIAL;
	if (report_text(json, "device_type", t->model, sizeof(t->model)) && *t->model) {
		r->model = span_of(t->model, strlen(t->model));
		r->have |= UAV_HAS_MODEL;
	}
	if (read_position(json, "drone_lat", "drone_lon", &r->lat, &r->lon))
		r->have |= UAV_HAS_POSITION;
	if (read_position(json, "home_lat", "home_lon", &r->home_lat, &r->home_lon))
		r->have |= UAV_HAS_HOME;
	if (read_position(json, "app_lat", "app_lon", &r->operator_lat, &r->operator_lon))
		r->have |= UAV_HAS_OPERATOR;
	read_heights(json, r);
	read_motion(json, r);
	return true;
}

static void read_radio(const struct json_in *json, struct radio *r)
{
	static const char *const levels[] = {"rssi", "RSSI", NULL}, *const frequencies[] = {"freq", "frequency", NULL};
	double v;

	if (report_real(json, frequencies, &v) && v > 0 && v < 10000)
		r->freq_khz = (uint32_t) (v * 1000);
	if (report_real(json, levels, &v) && v < 0 && v > -127) {
		r->signal_dbm = (int8_t) v;
		r->have |= RADIO_HAS_SIGNAL;
	}
}

static void set_position(const struct packet_ctx *p, struct device *d, const struct uav_report *r)
{
	struct position at = {.lat = r->lat, .lon = r->lon, .fix = POSITION_FIX_2D, .time_us = p->packet->time_us};

	if (!(r->have & UAV_HAS_POSITION))
		return;
	if (r->have & UAV_HAS_ALTITUDE) {
		at.alt_m = r->alt_m;
		at.fix = POSITION_FIX_3D;
	}
	at.speed_kmh = hypotf(r->v_north, r->v_east) * 3.6f;
	at.heading_deg = r->yaw;
	location_update(&d->location, &at, p->server_sec);
}

bool antsdr_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	struct uav_report r;
	struct texts t = {"", ""};
	struct shard *s;
	struct device *d;
	uint32_t slot;
	char name[2 * TEXT_SIZE + 8];

	(void) type;
	if (!read_report(json, &r, &t))
		return false;
	packet->sender = packet->transmitter = report_mac("UAV", crc_32((const uint8_t *) t.serial, strlen(t.serial)));
	read_radio(json, &packet->radio);
	d = device_lock(p, &packet->sender,
			UPDATE_SIGNAL | UPDATE_PACKETS | UPDATE_FREQ | UPDATE_CHANNEL | UPDATE_SEENBY, &s, &slot);
	if (!d)
		return true;
	device_set_type(p, d, 0);
	(void) snprintf(name, sizeof(name), "%s%s%s", t.model, *t.model ? " " : "", t.serial);
	free(d->name);
	d->name = xstrdup(name);
	uav_update(d, &r, packet->time_us);
	set_position(p, d, &r);
	device_unlock(p, s, slot);
	return true;
}
