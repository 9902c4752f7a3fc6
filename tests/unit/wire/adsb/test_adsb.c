/* Squitters of aircraft, with the values that "The 1090 Megahertz Riddle" works out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "wire/adsb/adsb.h"

static bool read_hex(const char *text, struct adsb_frame *ret)
{
	uint8_t octets[ADSB_OCTETS];
	size_t n = adsb_hex(text, strlen(text), octets);

	return n && adsb_read(span_of(octets, n), ret);
}

static void frames_announce_aircraft(void **state)
{
	struct adsb_frame f;

	(void) state;
	assert_true(read_hex("8D4840D6202CC371C32CE0576098", &f));
	assert_int_equal(f.icao, 0x4840d6);
	assert_string_equal(f.callsign, "KLM1023");
	assert_true(read_hex("*8D485020994409940838175B284F;", &f));
	assert_true(fabs(f.speed_kt - 159.20) < 0.01 && fabs(f.heading_deg - 182.88) < 0.01);
	assert_int_equal(f.climb_fpm, -832);
	assert_false(f.air_speed);
	assert_true(read_hex("8DA05F219B06B6AF189400CBC33F", &f));
	assert_true(f.air_speed && f.speed_kt == 375 && fabs(f.heading_deg - 243.98) < 0.01);
	assert_int_equal(f.climb_fpm, -2304);
	assert_true(read_hex("8D40621D58C382D690C8AC2863A7", &f));
	assert_int_equal(f.altitude_ft, 38000);
	assert_true(f.lat == 93000 && f.lon == 51372 && !f.odd);
}

static void a_position_needs_both_halves(void **state)
{
	const uint32_t even[2] = {93000, 51372}, odd[2] = {74158, 50194}, far[2] = {0, 0};
	double lat, lon;

	(void) state;
	assert_true(adsb_position(even, odd, false, &lat, &lon));
	assert_true(fabs(lat - 52.25720) < 1e-5 && fabs(lon - 3.91937) < 1e-5);
	assert_true(adsb_position(even, odd, true, &lat, &lon));
	assert_true(fabs(lat - 52.26578) < 1e-5);
	(void) adsb_position(even, far, true, &lat, &lon);
	assert_true(!adsb_position(even, far, true, &lat, &lon) || fabs(lat) <= 90);
}

static void what_is_wrong_is_refused(void **state)
{
	char text[] = "8D4840D6202CC371C32CE0576098";
	struct adsb_frame f;

	(void) state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		char was = text[i];

		text[i] = was == '0' ? '1' : '0';
		assert_false(read_hex(text, &f));
		text[i] = was;
	}
	assert_false(read_hex("8D4840D6202CC371C32CE05760", &f));
	assert_false(read_hex("", &f));
	assert_false(read_hex("*;", &f));
	assert_false(read_hex("8D4840D6202CC371C32CE0576098AA", &f));
	assert_false(read_hex("xD4840D6202CC371C32CE0576098", &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_announce_aircraft),
		cmocka_unit_test(a_position_needs_both_halves),
		cmocka_unit_test(what_is_wrong_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
