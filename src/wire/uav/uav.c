/* DJI DroneID as its published descriptions have it, ASTM F3411-22a 5.4 over Wi-Fi. */
#include "wire/uav/uav.h"

#include <math.h>

#define RADIAN 174533.0  /* DJI: degrees times 10^7 times pi / 180 */
#define PACK_MAX 9       /* messages of a pack, F3411-22a table 3 */
#define MESSAGE 25       /* octets of a message */
#define APPLICATION 0x0d /* Remote ID among those of its UUID */
#define ATTRIBUTES_MAX 16
#define NAN_OUI_TYPE 0x506f9a13u

/* Texts are padded with zeros. */
static struct span text_of(struct span *s, size_t n)
{
	struct span t = span_sub(s, n);

	for (size_t i = 0; i < t.left; i++)
		if (t.p[i] == 0)
			t.left = i;
	while (t.left && t.p[t.left - 1] == ' ')
		t.left--;
	return t;
}

static double take_i32(struct span *s, double unit)
{
	return (int32_t) span_le32(s) / unit;
}

static float take_i16(struct span *s, float unit)
{
	return (float) (int16_t) span_le16(s) / unit;
}

enum {
	STATE_SERIAL = 1,
	STATE_HOME = 4,
	STATE_MOTOR = 16,
	STATE_AIR = 32,
	STATE_GPS = 64,
	STATE_ALTITUDE = 128,
	STATE_HEIGHT = 256,
	STATE_MOTION = 512,
	STATE_CLIMB = 1024,
	STATE_ATTITUDE = 2048
};

static void droneid_end(struct span *s, uint8_t version, struct uav_report *r)
{
	if (version >= 2) {
		r->yaw = take_i16(s, 100);
		span_skip(s, 8); /* time of the pilot's telephone */
		r->operator_lat = take_i32(s, RADIAN);
		r->operator_lon = take_i32(s, RADIAN);
	} else {
		r->pitch = take_i16(s, 100);
		r->roll = take_i16(s, 100);
		r->yaw = take_i16(s, 100);
	}
	r->home_lon = take_i32(s, RADIAN);
	r->home_lat = take_i32(s, RADIAN);
	r->product = span_u8(s);
}

static bool on_earth(double lat, double lon)
{
	return fabs(lat) <= 90 && fabs(lon) <= 180;
}

/* 58 62 13, then 10 for a flight record: version, sequence, state, serial, position, motion. */
bool uav_droneid(struct span s, struct uav_report *ret)
{
	struct uav_report r = {.kind = UAV_DRONEID};
	uint32_t magic = span_be24(&s);
	uint8_t command = span_u8(&s), version = span_u8(&s);
	uint16_t state;

	span_skip(&s, 2);
	state = span_le16(&s);
	if (s.bad || magic != 0x586213 || command != 0x10 || version < 1 || version > 2)
		return false;
	r.serial = text_of(&s, 16);
	r.lon = take_i32(&s, RADIAN);
	r.lat = take_i32(&s, RADIAN);
	r.alt_m = take_i16(&s, 1);
	r.height_m = take_i16(&s, 10);
	r.v_north = take_i16(&s, 100);
	r.v_east = take_i16(&s, 100);
	r.v_up = take_i16(&s, 100);
	droneid_end(&s, version, &r);
	if (s.bad)
		return false;
	r.motor_on = state & STATE_MOTOR;
	r.airborne = state & STATE_AIR;
	r.have = UAV_HAS_STATE | UAV_HAS_PRODUCT | UAV_HAS_MOTION | UAV_HAS_HEIGHT | UAV_HAS_CLIMB | UAV_HAS_ALTITUDE;
	r.have |= r.serial.left && (state & STATE_SERIAL) ? UAV_HAS_SERIAL : 0;
	r.have |= on_earth(r.lat, r.lon) && (r.lat != 0 || r.lon != 0) ? UAV_HAS_POSITION : 0;
	r.have |= version == 1 ? UAV_HAS_ATTITUDE : 0;
	r.have |= on_earth(r.home_lat, r.home_lon) && (r.home_lat != 0 || r.home_lon != 0) ? UAV_HAS_HOME : 0;
	if (on_earth(r.operator_lat, r.operator_lon) && (r.operator_lat != 0 || r.operator_lon != 0))
		r.have |= UAV_HAS_OPERATOR;
	*ret = r;
	return true;
}

/* 5.4.5.5: kinds of identifiers, 1 a serial number, 2 of a registration; the octets behind. */
static void basic_id(struct span s, struct uav_report *r)
{
	uint8_t kind = span_u8(&s) >> 4;
	struct span id = text_of(&s, 20);

	if (s.bad || !id.left || (kind != 1 && (r->have & UAV_HAS_SERIAL)))
		return;
	r->serial = id;
	r->have |= UAV_HAS_SERIAL;
}

/* Metres in steps of a half from -1000; 0 is unknown. */
static float altitude(uint16_t raw)
{
	return (float) raw / 2 - 1000;
}

static void take_motion(uint8_t bits, uint8_t direction, uint8_t speed, struct uav_report *r)
{
	float degrees = (float) direction + (bits & 2 ? 180 : 0);
	float v = bits & 1 ? (float) speed * 0.75f + 255 * 0.25f : (float) speed * 0.25f;

	if (speed == 255 || degrees > 360)
		return;
	r->yaw = degrees;
	r->v_north = v * cosf(degrees * (float) (M_PI / 180));
	r->v_east = v * sinf(degrees * (float) (M_PI / 180));
	r->have |= UAV_HAS_MOTION;
}

/* 5.4.5.7: location and vector. */
static void location(struct span s, struct uav_report *r)
{
	uint8_t bits = span_u8(&s), direction = span_u8(&s), speed = span_u8(&s);
	int8_t climb = span_i8(&s);
	double lat = take_i32(&s, 1e7), lon = take_i32(&s, 1e7);
	uint16_t pressure = span_le16(&s), geodetic = span_le16(&s), height = span_le16(&s);

	if (s.bad)
		return;
	r->airborne = bits >> 4 == 2;
	r->motor_on = r->airborne;
	r->have |= bits >> 4 ? UAV_HAS_STATE : 0;
	take_motion(bits, direction, speed, r);
	if (climb != 126 && climb != 63) {
		r->v_up = (float) climb / 2;
		r->have |= UAV_HAS_CLIMB;
	}
	if (on_earth(lat, lon) && (lat != 0 || lon != 0)) {
		r->lat = lat;
		r->lon = lon;
		r->have |= UAV_HAS_POSITION;
	}
	if (geodetic || pressure) {
		r->alt_m = altitude(geodetic ? geodetic : pressure);
		r->have |= UAV_HAS_ALTITUDE;
	}
	if (height) {
		r->height_m = altitude(height);
		r->have |= UAV_HAS_HEIGHT;
	}
}

/* 5.4.5.9: system, of which where the operator is. */
static void system_message(struct span s, struct uav_report *r)
{
	double lat, lon;
	uint16_t alt;

	span_skip(&s, 1);
	lat = take_i32(&s, 1e7);
	lon = take_i32(&s, 1e7);
	span_skip(&s, 8);
	alt = span_le16(&s);
	if (s.bad || !on_earth(lat, lon) || (lat == 0 && lon == 0))
		return;
	r->operator_lat = lat;
	r->operator_lon = lon;
	r->operator_alt_m = alt ? altitude(alt) : 0;
	r->have |= UAV_HAS_OPERATOR;
}

static void text_message(struct span s, size_t n, struct span *ret, uint32_t have, struct uav_report *r)
{
	struct span text;

	span_skip(&s, 1);
	text = text_of(&s, n);
	if (s.bad || !text.left)
		return;
	*ret = text;
	r->have |= have;
}

/* The first octet is type (high half) and version. */
static bool message(struct span s, struct uav_report *r)
{
	uint8_t type = span_u8(&s) >> 4;

	switch (type) {
	case 0: basic_id(s, r); return true;
	case 1: location(s, r); return true;
	case 3: text_message(s, 23, &r->self_id, UAV_HAS_SELF_ID, r); return true;
	case 4: system_message(s, r); return true;
	case 5: text_message(s, 20, &r->operator_id, UAV_HAS_OPERATOR_ID, r); return true;
	default: return type == 2;
	}
}

bool uav_remote_id(struct span s, struct uav_report *ret)
{
	struct uav_report r = {.kind = UAV_REMOTE_ID};
	struct span head = s;
	uint8_t type = span_u8(&head) >> 4, size = MESSAGE, n = 1;
	bool any = false;

	if (type == 15) {
		size = span_u8(&head);
		n = span_u8(&head);
		s = head;
	}
	if (s.bad || size != MESSAGE || n > PACK_MAX)
		return false;
	for (uint8_t i = 0; i < n; i++) {
		struct span one = span_sub(&s, MESSAGE);

		if (s.bad)
			break;
		any |= message(one, &r);
	}
	if (any)
		*ret = r;
	return any;
}

bool uav_service_data(struct span s, struct uav_report *ret)
{
	uint8_t application = span_u8(&s);

	span_skip(&s, 1);
	if (s.bad || application != APPLICATION || !uav_remote_id(s, ret))
		return false;
	ret->kind = UAV_REMOTE_ID_BLUETOOTH;
	return true;
}

/* Wi-Fi Aware 4.0 9.5: attributes of number, length; 3 is a service descriptor. The service is the hash of
 * "org.opendroneid.remoteid". */
static bool nan_frame(struct span s, struct uav_report *ret)
{
	static const uint8_t service[6] = {0x88, 0x69, 0x19, 0x9d, 0x92, 0x09};
	uint16_t action = span_be16(&s);
	uint32_t oui_type = span_be32(&s);

	if (s.bad || action != 0x0409 || oui_type != NAN_OUI_TYPE)
		return false;
	for (size_t i = 0; i < ATTRIBUTES_MAX && s.left >= 3; i++) {
		uint8_t id = span_u8(&s), control;
		uint16_t n = span_le16(&s);
		struct span a = span_sub(&s, n);
		const uint8_t *name = span_take(&a, 6);

		if (a.bad || id != 3 || memcmp(name, service, 6) != 0)
			continue;
		span_skip(&a, 2); /* instances */
		control = span_u8(&a);
		if (control != 0x10) /* publish, with information of the service */
			continue;
		span_skip(&a, 2); /* its length, and the counter */
		return !a.bad && uav_remote_id(a, ret);
	}
	return false;
}

static bool remote_id_element(struct span data, struct uav_report *ret)
{
	span_skip(&data, 1); /* counter */
	return !data.bad && uav_remote_id(data, ret);
}

bool uav_read(const struct frame *f, struct uav_report *ret)
{
	struct span data;

	if (f->type != FRAME_MANAGEMENT || f->protected_)
		return false;
	if (f->subtype == MGMT_ACTION || f->subtype == MGMT_ACTION_NO_ACK)
		return nan_frame(f->body, ret);
	if (frame_find(f, ELEMENT_DJI_DRONEID, &data))
		return uav_droneid(data, ret);
	return frame_find(f, ELEMENT_REMOTE_ID, &data) && remote_id_element(data, ret);
}
