/* Every message in every version: there and back, cut at every octet, and as another program writes
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "proto/announcement.h"
#include "proto/proto.h"
#include "proto/row.h"

static struct proto_scratch *scratch;
static const enum proto_version versions[] = {PROTO_V0, PROTO_V2, PROTO_V3};

static struct span t(const char *text)
{
	return proto_text(text);
}

static bool same(struct span a, const char *text)
{
	return a.left == strlen(text) && memcmp(a.p, text, a.left) == 0;
}

static struct span names[] = {{(const uint8_t *) "1", 1, false}, {(const uint8_t *) "6HT40+", 6, false}};
static const struct proto_list two = {names, 2};

static struct proto_message full(uint32_t type)
{
	static struct proto_interface interfaces[2];
	static struct proto_pair pairs[1];
	struct proto_message m = {.type = type,
				  .seqno = 77,
				  .request = 9,
				  .success = true,
				  .flags = 2,
				  .has_dlt = true,
				  .dlt = 127,
				  .channels = two,
				  .events = two,
				  .web_id = 5,
				  .status = 404,
				  .has_status = true,
				  .close = true};

	pairs[0] = (struct proto_pair){t("name"), t("value")};
	m.pairs = (struct proto_pairs){pairs, 1};
	m.text = t("a text");
	m.definition = t("wlan0:name=x");
	m.source_type = t("linuxwifi");
	m.key = t("a key");
	m.uuid = t("5FE308BD-0000-0000-0000-00C0CAABCDEF");
	m.capture_interface = t("wlan0mon");
	m.hardware = t("ath9k");
	m.channel = t("6");
	m.version = t("norn");
	m.uri = t("/x");
	m.method = t("GET");
	m.content = t("body");
	m.token = t("secret");
	m.hop = (struct proto_hop){.has = true,
				   .has_rate = true,
				   .rate = 2.5,
				   .has_shuffle = true,
				   .shuffle = true,
				   .skip = 3,
				   .offset = 4,
				   .channels = two};
	m.interface = (struct proto_interface){
		.has = true, .interface = t("wlan0"), .hardware = t("ath9k"), .channel = t("6"), .channels = two};
	interfaces[0] = m.interface;
	interfaces[1] = (struct proto_interface){.has = true, .interface = t("wlan1")};
	m.interfaces = (struct proto_interfaces){interfaces, 2};
	m.gps = (struct proto_gps){.has = true,
				   .lat = 40.5,
				   .lon = -3.25,
				   .alt_m = 600,
				   .fix = 3,
				   .sec = 1700000000,
				   .usec = 5,
				   .type = t("gpsd"),
				   .name = t("g")};
	m.signal = (struct proto_signal){.has = true,
					 .has_dbm = true,
					 .dbm = -42,
					 .has_noise = true,
					 .noise_dbm = -95,
					 .freq_khz = 2412000,
					 .channel = t("1")};
	m.packet = (struct proto_packet){.has = true,
					 .has_time = true,
					 .dlt = 127,
					 .sec = 1700000000,
					 .usec = 999999,
					 .length = 1500,
					 .data = t("\x08\x01octets")};
	m.json = (struct proto_json){
		.has = true, .has_time = true, .type = t("RTL433"), .text = t("{}"), .sec = 1700000000};
	return m;
}

static const uint32_t types[] = {
	PROTO_REGISTER,    PROTO_PING,           PROTO_PONG,         PROTO_SHUTDOWN,      PROTO_MESSAGE,
	PROTO_ERROR,       PROTO_PROBE,          PROTO_PROBE_REPORT, PROTO_OPEN,          PROTO_OPEN_REPORT,
	PROTO_LIST,        PROTO_LIST_REPORT,    PROTO_PACKET,       PROTO_CONFIGURE,     PROTO_CONFIGURE_REPORT,
	PROTO_NEW_SOURCE,  PROTO_EVENT_REGISTER, PROTO_EVENT,        PROTO_EVENT_PUBLISH, PROTO_WEB_REGISTER,
	PROTO_WEB_REQUEST, PROTO_WEB_CANCEL,     PROTO_WEB_RESPONSE, PROTO_WEB_AUTH,      PROTO_WEB_AUTH_REPLY,
	PROTO_WARNING,     PROTO_CLOSE};

static void check_report(const struct proto_message *m, enum proto_version version)
{
	assert_true(m->success);
	assert_int_equal(m->request, 9);
	assert_true(same(m->text, "a text"));
	if (m->type == PROTO_OPEN_REPORT) {
		assert_int_equal(m->dlt, 127);
		assert_int_equal(m->channels.count, 2);
		assert_true(same(m->channels.items[1], "6HT40+"));
		assert_true(same(m->channel, "6") && same(m->capture_interface, "wlan0mon"));
		assert_true(same(m->hardware, "ath9k") && m->uuid.left == 36);
	}
	if (m->type == PROTO_PROBE_REPORT)
		assert_true(same(m->interface.hardware, "ath9k") && m->interface.channels.count == 2);
	if (m->type == PROTO_LIST_REPORT) {
		assert_int_equal(m->interfaces.count, 2);
		assert_true(same(m->interfaces.items[1].interface, "wlan1"));
	}
	if (m->type == PROTO_OPEN_REPORT || m->type == PROTO_CONFIGURE_REPORT) {
		assert_true(m->hop.has && m->hop.rate == 2.5 && m->hop.shuffle);
		assert_int_equal(m->hop.skip * 10 + m->hop.offset, 34);
		assert_int_equal(m->hop.channels.count, 2);
		assert_true(version != PROTO_V3 || m->hop.has_enabled == false);
	}
}

static void check_data(const struct proto_message *m)
{
	assert_true(m->gps.has && m->gps.lat == 40.5 && m->gps.lon == -3.25 && m->gps.fix == 3);
	assert_int_equal(m->gps.sec, 1700000000);
	assert_true(m->signal.has && m->signal.has_dbm);
	assert_int_equal(m->signal.dbm, -42);
	assert_int_equal(m->signal.noise_dbm, -95);
	assert_int_equal(m->signal.freq_khz, 2412000);
	assert_true(m->packet.has && m->packet.has_time && m->json.has);
	assert_int_equal(m->packet.usec, 999999);
	assert_int_equal(m->packet.length, 1500);
	assert_true(same(m->packet.data, "\x08\x01octets") && same(m->json.type, "RTL433"));
}

static void check(const struct proto_message *m, uint32_t type, enum proto_version version)
{
	assert_int_equal(m->type, type);
	switch (type) {
	case PROTO_PROBE_REPORT:
	case PROTO_OPEN_REPORT:
	case PROTO_LIST_REPORT:
	case PROTO_CONFIGURE_REPORT: check_report(m, version); break;
	case PROTO_PACKET: check_data(m); break;
	case PROTO_PONG:
	case PROTO_ERROR: assert_int_equal(m->request, 9); break;
	case PROTO_NEW_SOURCE:
		assert_true(same(m->source_type, "linuxwifi") && m->uuid.left == 36 && same(m->key, "a key"));
		break;
	case PROTO_WEB_RESPONSE:
	case PROTO_WEB_REQUEST:
		assert_int_equal(m->pairs.count, 1);
		assert_true(same(m->pairs.items[0].value, "value"));
		break;
	case PROTO_SHUTDOWN:
	case PROTO_MESSAGE:
	case PROTO_EVENT:
	case PROTO_WARNING: assert_true(same(m->text, "a text")); break;
	default: break;
	}
}

/* Reads exact-size copies, so that a sanitizer sees an octet too far. */
static int read_copy(const char *p, size_t n, struct proto_message *ret, uint8_t **ret_copy)
{
	struct proto_frame f;
	int r;

	*ret_copy = malloc(n ? n : 1);
	memcpy(*ret_copy, p, n);
	r = proto_frame_read(*ret_copy, n, &f);
	return r > 0 ? proto_decode(&f, scratch, ret) : r == 0 ? ERR_TRUNCATED : r;
}

static void there_and_back(void **state)
{
	(void) state;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++)
		for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
			struct proto_message m = full(types[i]), back;
			struct buf out = {0};
			uint8_t *copy;
			int r = proto_encode(&m, versions[v], scratch, &out);

			if (versions[v] == PROTO_V3 && types[i] == PROTO_CLOSE) {
				assert_int_equal(r, ERR_UNSUPPORTED);
				continue;
			}
			assert_int_equal(r, 0);
			assert_int_equal(read_copy(out.p, out.len, &back, &copy), 0);
			check(&back, versions[v] == PROTO_V3 && types[i] == PROTO_WARNING ? PROTO_MESSAGE : types[i],
			      versions[v]);
			free(copy);
			buf_finish(&out);
		}
}

static void cut_everywhere(void **state)
{
	(void) state;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++)
		for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
			struct proto_message m = full(types[i]), back;
			struct buf out = {0};
			uint8_t *copy;

			(void) proto_encode(&m, versions[v], scratch, &out);
			for (size_t n = 0; n < out.len; n++) {
				assert_int_equal(read_copy(out.p, n, &back, &copy), ERR_TRUNCATED);
				free(copy);
			}
			buf_finish(&out);
		}
}

/* A header whose length fits, and a payload that is torn: an error or less of a message, no more.
 */
static void torn_payloads(void **state)
{
	(void) state;
	for (size_t v = 1; v < ARRAY_SIZE(versions); v++)
		for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
			size_t header = versions[v] == PROTO_V3 ? 20 : 48;
			struct proto_message m = full(types[i]), back;
			struct buf out = {0};

			(void) proto_encode(&m, versions[v], scratch, &out);
			for (size_t n = header; n < out.len; n++) {
				uint8_t *copy;
				int r;

				out.p[10] = (char) ((n - header) >> 8);
				out.p[11] = (char) (n - header);
				r = read_copy(out.p, n, &back, &copy);
				if (versions[v] == PROTO_V3 && n > header)
					assert_int_equal(r, ERR_MALFORMED);
				else
					assert_true(r == 0 || r == ERR_MALFORMED);
				free(copy);
			}
			buf_finish(&out);
		}
}

/* As msgpack's own Python module writes it: {1: {1: 1.5, 2: -2.0, 3: 3.0, 4: 2, 8: 10, 9: 20},
 * 2: {1: 4294967254}, 4: {1: 127, 6: b'abc'}, 99: [1, {2: None}]}. */
static void from_another_writer(void **state)
{
	static const uint8_t frame[] = {
		0xde, 0xca, 0xfb, 0xad, 0xa9, 0xa9, 0,    3,    0,    0,    0,    63,   0,    16,   0,    1,    0,
		0,    0,    7,    0x84, 0x01, 0x86, 0x01, 0xcb, 0x3f, 0xf8, 0,    0,    0,    0,    0,    0,    0x02,
		0xcb, 0xc0, 0,    0,    0,    0,    0,    0,    0,    0x03, 0xcb, 0x40, 0x08, 0,    0,    0,    0,
		0,    0,    0x04, 0x02, 0x08, 0x0a, 0x09, 0x14, 0x02, 0x81, 0x01, 0xce, 0xff, 0xff, 0xff, 0xd6, 0x04,
		0x82, 0x01, 0x7f, 0x06, 0xc4, 0x03, 'a',  'b',  'c',  0x63, 0x92, 0x01, 0x81, 0x02, 0xc0};
	struct proto_message m;
	uint8_t *copy;

	(void) state;
	assert_int_equal(read_copy((const char *) frame, sizeof(frame), &m, &copy), 0);
	assert_true(m.gps.has && m.gps.lat == 1.5 && m.gps.lon == -2 && m.gps.alt_m == 3);
	assert_int_equal(m.gps.fix, 2);
	assert_int_equal(m.signal.dbm, -42);
	assert_int_equal(m.packet.dlt, 127);
	assert_true(same(m.packet.data, "abc") && !m.packet.has_time);
	free(copy);
}

static int read_v3(uint16_t type, const uint8_t *payload, size_t n)
{
	struct proto_frame f = {.version = PROTO_V3, .type = type, .payload = span_of(payload, n)};
	struct proto_message m;

	return proto_decode(&f, scratch, &m);
}

/* A list that claims four thousand million elements costs nothing. */
static void claims_are_checked(void **state)
{
	static const uint8_t list[] = {0x81, 4, 0xdd, 0xff, 0xff, 0xff, 0xff};
	static const uint8_t map[] = {0xdf, 0xff, 0xff, 0xff, 0xff, 1};
	static const uint8_t text[] = {0x81, 1, 0xdb, 0xff, 0xff, 0xff, 0xff, 'a'};
	static const uint8_t deep[] = {0x81, 99, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x90};
	static const uint8_t wrong[] = {0x81, 1, 0x91, 1};
	static const uint8_t no_map[] = {0x91, 1};

	(void) state;
	assert_int_equal(read_v3(PROTO_OPEN_REPORT, list, sizeof(list)), ERR_MALFORMED);
	assert_int_equal(read_v3(PROTO_OPEN_REPORT, map, sizeof(map)), ERR_MALFORMED);
	assert_int_equal(read_v3(PROTO_SHUTDOWN, text, sizeof(text)), ERR_MALFORMED);
	assert_int_equal(read_v3(PROTO_SHUTDOWN, deep, sizeof(deep)), ERR_MALFORMED);
	assert_int_equal(read_v3(PROTO_SHUTDOWN, wrong, sizeof(wrong)), ERR_MALFORMED);
	assert_int_equal(read_v3(PROTO_SHUTDOWN, no_map, sizeof(no_map)), ERR_MALFORMED);
	assert_int_equal(read_v3(9999, no_map, sizeof(no_map)), ERR_UNSUPPORTED);
}

static void frames_that_are_none(void **state)
{
	static const uint8_t long_frame[] = {0xde, 0xca, 0xfb, 0xad, 0xa9, 0xa9, 0, 3, 0, 0, 0x3f, 0xff};
	static const uint8_t v9[] = {0xde, 0xca, 0xfb, 0xad, 0xa9, 0xa9, 0, 9, 0, 0, 0, 1, 'x'};
	static const uint8_t fits[] = {0xde, 0xca, 0xfb, 0xad, 0xa9, 0xa9, 0, 3, 0, 0, 0x3f, 0xeb};
	struct proto_frame f;

	(void) state;
	assert_int_equal(proto_frame_read((const uint8_t *) "GET / HT", 8, &f), ERR_MALFORMED);
	assert_int_equal(proto_frame_read(long_frame, sizeof(long_frame), &f), ERR_LIMIT);
	assert_int_equal(proto_frame_read(v9, sizeof(v9), &f), ERR_MALFORMED);
	assert_int_equal(proto_frame_read(fits, sizeof(fits), &f), 0);
}

static void too_long_to_send(void **state)
{
	static char octets[20000];
	struct proto_message m = {.type = PROTO_PACKET, .packet = {.has = true, .dlt = 127}};
	struct buf out = {0};

	(void) state;
	m.packet.data = span_of(octets, sizeof(octets));
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++)
		assert_int_equal(proto_encode(&m, versions[v], scratch, &out), ERR_LIMIT);
	assert_int_equal(out.len, 0);
	buf_finish(&out);
}

static void announcements(void **state)
{
	struct announcement a = {.http_port = 2501,
				 .sensor_port = 3501,
				 .time_us = 1700000000000005,
				 .name = "a server"},
			    back;
	uint8_t datagram[ANNOUNCEMENT_SIZE];

	(void) state;
	memset(&a.uuid, 0x5a, sizeof(a.uuid));
	announcement_write(&a, datagram);
	assert_memory_equal(datagram, "\0\0KISMET\0\1\0\0\x09\xc5\0\0\x0d\xad", 18);
	assert_memory_equal(datagram + 34, "5A5A5A5A-5A5A-5A5A-5A5A-5A5A5A5A5A5Aa server\0", 45);
	assert_int_equal(announcement_read(span_of(datagram, sizeof(datagram)), &back), 0);
	assert_memory_equal(&back, &a, sizeof(a));
	for (size_t n = 0; n < sizeof(datagram); n++)
		assert_int_equal(announcement_read(span_of(datagram, n), &back), n < 70 ? ERR_TRUNCATED : 0);
	datagram[40] = 'x';
	assert_int_equal(announcement_read(span_of(datagram, sizeof(datagram)), &back), ERR_MALFORMED);
}

/* The sum of version 0, worked out by hand; and a frame that a sensor of that time wrote. */
static void sum_of_version_0(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	struct proto_message m;
	struct proto_frame f;
	struct buf path = {0};
	uint8_t octets[512];
	FILE *in;
	size_t n;

	(void) state;
	assert_int_equal(proto_frame_sum((const uint8_t *) "abcd", 4), 0x03d4018a);
	assert_int_equal(proto_frame_sum((const uint8_t *) "abc", 3), 0);
	buf_printf(&path, "%s/../shared/peers/v0-newsource-kismet.bin", root ? root : ".");
	in = fopen(buf_text(&path), "rb");
	buf_finish(&path);
	if (!in)
		skip();
	n = fread(octets, 1, sizeof(octets), in);
	(void) fclose(in);
	assert_int_equal(proto_frame_read(octets, n, &f), (int) n);
	assert_int_equal(f.version, PROTO_V0);
	assert_int_equal(proto_decode(&f, scratch, &m), 0);
	assert_int_equal(m.type, PROTO_NEW_SOURCE);
	assert_true(same(m.source_type, "rtl433") && same(m.definition, "rtl433-0:name=x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),     cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(torn_payloads),      cmocka_unit_test(from_another_writer),
		cmocka_unit_test(claims_are_checked), cmocka_unit_test(frames_that_are_none),
		cmocka_unit_test(too_long_to_send),   cmocka_unit_test(announcements),
		cmocka_unit_test(sum_of_version_0),
	};
	int r;

	scratch = proto_scratch_create();
	r = cmocka_run_group_tests(tests, NULL, NULL);
	proto_scratch_destroy(scratch);
	return r;
}
