#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "locate/nmea.h"

#define NEAR 1e-6

/* The sentence with '$' in front and its checksum behind. */
static int read_text(struct nmea *n, const char *text)
{
	char line[256];
	unsigned char sum = 0;

	for (const char *p = text; *p; p++)
		sum ^= (unsigned char) *p;
	return nmea_read(n, line, (size_t) snprintf(line, sizeof(line), "$%s*%02X\r", text, sum));
}

static void test_gga_and_rmc(void **state)
{
	struct nmea n = {0};

	(void) state;
	assert_int_equal(read_text(&n, "GPGGA,092750.0,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,"),
			 NMEA_POSITION);
	assert_true(fabs(n.position.lat - 53.361336666) < NEAR);
	assert_true(fabs(n.position.lon + 6.505620000) < NEAR);
	assert_float_equal(n.position.alt_m, 61.7, 0.01);
	assert_float_equal(n.position.accuracy_m, 10.3, 0.01);
	assert_int_equal(n.position.fix, POSITION_FIX_3D);
	assert_int_equal(n.satellites, 8);
	assert_int_equal(read_text(&n, "GNRMC,092751.0,A,3321.6802,S,15130.3372,E,10.0,31.66,280511,,,A"),
			 NMEA_POSITION);
	assert_true(fabs(n.position.lat + 33.361336666) < NEAR);
	assert_true(fabs(n.position.lon - 151.505620000) < NEAR);
	assert_float_equal(n.position.speed_kmh, 18.52, 0.01);
	assert_float_equal(n.position.heading_deg, 31.66, 0.01);
	assert_int_equal(n.position.fix, POSITION_FIX_3D); /* RMC knows no altitude: GGA's stays */
}

static void test_lost(void **state)
{
	struct nmea n = {0};

	(void) state;
	assert_int_equal(read_text(&n, "GPGLL,5321.6802,N,00630.3372,W,092750.0,A,A"), NMEA_POSITION);
	assert_int_equal(n.position.fix, POSITION_FIX_2D);
	assert_int_equal(read_text(&n, "GPRMC,092751.0,V,,,,,,,280511,,,N"), NMEA_LOST);
	assert_int_equal(n.position.fix, POSITION_FIX_NONE);
	assert_int_equal(read_text(&n, "GPGSA,A,1,,,,,,,,,,,,,,,"), NMEA_LOST);
	assert_int_equal(read_text(&n, "GPGGA,092750.0,,,,,0,0,,,M,,M,,"), NMEA_LOST);
}

static void test_dates(void **state)
{
	struct nmea n = {0};

	(void) state;
	(void) read_text(&n, "GPGGA,120000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,");
	assert_int_equal(n.utc_us, 0);
	(void) read_text(&n, "GPRMC,000001.5,A,5321.6802,N,00630.3372,W,0,0,220899,,,A");
	assert_int_equal(n.utc_us, UINT64_C(935280001500000));
	(void) read_text(&n, "GPGGA,120000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,");
	assert_int_equal(n.utc_us, UINT64_C(935323200000000));
	(void) read_text(&n, "GPZDA,120000,29,11,2026,00,00");
	(void) read_text(&n, "GPGLL,5321.6802,N,00630.3372,W,120000,A,A");
	assert_int_equal(n.utc_us, UINT64_C(1795953600000000));
	(void) read_text(&n, "GPRMC,000001,A,5321.6802,N,00630.3372,W,0,0,321399,,,A");
	assert_int_equal(n.utc_us, 0);
	(void) read_text(&n, "GPRMC,000001,A,5321.6802,N,00630.3372,W,0,0,,,,A");
	assert_int_equal(n.utc_us, 0);
}

/* Also what a receiver says beside a position that it had: the mode indicator N. */
static void test_void(void **state)
{
	struct nmea n = {0};

	(void) state;
	assert_int_equal(read_text(&n, "GPRMC,000001,A,5321.6802,N,00630.3372,W,0,0,220826,,,A"), NMEA_POSITION);
	assert_int_equal(read_text(&n, "GPRMC,000002,A,5321.6802,N,00630.3372,W,0,0,220826,,,N"), NMEA_LOST);
	assert_int_equal(read_text(&n, "GPGLL,5321.6802,N,00630.3372,W,000003,A,A"), NMEA_POSITION);
	assert_int_equal(read_text(&n, "GPGLL,5321.6802,N,00630.3372,W,000003,A,N"), NMEA_LOST);
	assert_int_equal(read_text(&n, "GPGLL,5321.6802,N,00630.3372,W,000003,V,A"), NMEA_LOST);
	assert_int_equal(read_text(&n, "GPGGA,000004,0000.0000,N,00000.0000,E,0,0,99.9,0,M,0,M,,"), NMEA_LOST);
}

static void test_accuracy_that_is_reported(void **state)
{
	struct nmea n = {0};

	(void) state;
	assert_int_equal(read_text(&n, "GPGST,092750.0,1.2,,,,3.0,4.0,9.9"), NMEA_OTHER);
	assert_float_equal(n.position.accuracy_m, 10, 0.01);
	(void) read_text(&n, "GPGGA,092750.0,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,");
	assert_float_equal(n.position.accuracy_m, 10, 0.01);
}

static void test_wrong_lines(void **state)
{
	static const char *const wrong[] = {
		"GPGGA,092750.0,9121.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,", /* over the pole
										     */
		"GPGGA,092750.0,5360.0000,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,", /* sixty minutes
										     */
		"GPGGA,092750.0,5321.6802,X,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,", /* no hemisphere
										     */
		"GPGGA,092750.0,0x21.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,", /* not decimal
										     */
		"GPGGA,092750.0,-5321.680,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,", /* a sign */
		"GPRMC,092750.0,A,5321.6802",                                       /* cut */
	};
	struct nmea n = {0};

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(read_text(&n, wrong[i]), ERR_MALFORMED);
	assert_int_equal(nmea_read(&n, "$GPVTG,31.66,T*00", 17), ERR_MALFORMED); /* checksum */
	assert_int_equal(nmea_read(&n, "GPVTG,31.66,T", 13), ERR_MALFORMED);
	assert_int_equal(nmea_read(&n, "", 0), ERR_MALFORMED);
	assert_int_equal(read_text(&n, "PUBX,00,1,2,3"), NMEA_OTHER);
	assert_int_equal(n.position.fix, POSITION_FIX_NONE);
}

static void test_every_cut(void **state)
{
	static const char line[] = "$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76";

	(void) state;
	for (size_t size = 0; size < sizeof(line) - 1; size++) {
		struct nmea n = {0};
		char *cut = malloc(size + 1);

		memcpy(cut, line, size);
		assert_int_equal(nmea_read(&n, cut, size), ERR_MALFORMED);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gga_and_rmc),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_void),
		cmocka_unit_test(test_accuracy_that_is_reported),
		cmocka_unit_test(test_wrong_lines),
		cmocka_unit_test(test_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
