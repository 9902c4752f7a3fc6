#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "locate/gpsd.h"

#define NEAR 1e-6

static const char tpv[] = "{\"class\":\"TPV\",\"device\":\"/dev/ttyACM0\",\"mode\":3,\"lat\":53.5,"
			  "\"lon\":-6.25,\"altMSL\":61.5,\"alt\":60,\"epx\":3,\"epy\":4,\"track\":31.5,"
			  "\"speed\":10}";

static int read_text(const char *text, struct gpsd_report *ret)
{
	return gpsd_read(text, strlen(text), ret);
}

static void test_positions(void **state)
{
	struct gpsd_report r;
	const struct position *p = &r.fix.position;

	(void) state;
	assert_int_equal(read_text(tpv, &r), GPSD_POSITION);
	assert_string_equal(r.device, "/dev/ttyACM0");
	assert_true(fabs(p->lat - 53.5) < NEAR);
	assert_true(fabs(p->lon + 6.25) < NEAR);
	assert_float_equal(p->alt_m, 61.5, 0.01);
	assert_float_equal(p->speed_kmh, 36, 0.01);
	assert_float_equal(p->accuracy_m, 5, 0.01);
	assert_int_equal(p->fix, POSITION_FIX_3D);
	assert_int_equal(r.fix.utc_us, 0);
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":2,\"alt\":3}", &r), GPSD_POSITION);
	assert_int_equal(p->fix, POSITION_FIX_2D);
	assert_string_equal(r.device, "");
}

#define POSITION "{\"class\":\"TPV\",\"mode\":3,\"lat\":1,\"lon\":2"

static void test_what_else_is_reported(void **state)
{
	struct gpsd_report r;

	(void) state;
	(void) read_text(POSITION ",\"eph\":12.5,\"epx\":3,\"epy\":4,\"time\":\"1999-08-22T01:02:03.500Z\"}", &r);
	assert_float_equal(r.fix.position.accuracy_m, 12.5, 0.01);
	assert_int_equal(r.fix.utc_us, UINT64_C(935283723500000));
	(void) read_text(POSITION ",\"epx\":3,\"time\":1700000000.25}", &r);
	assert_float_equal(r.fix.position.accuracy_m, 3, 0.01);
	assert_int_equal(r.fix.utc_us, UINT64_C(1700000000250000));
	(void) read_text(POSITION ",\"altHAE\":70,\"geoidSep\":20,\"time\":\"soon\",\"eph\":-1}", &r);
	assert_float_equal(r.fix.position.alt_m, 50, 0.01);
	assert_int_equal(r.fix.utc_us, 0);
	assert_true(r.fix.position.accuracy_m <= 0);
}

static void test_no_positions(void **state)
{
	struct gpsd_report r;

	(void) state;
	assert_int_equal(read_text("{\"class\":\"TPV\",\"device\":\"/dev/x\",\"mode\":1}", &r), GPSD_LOST);
	assert_string_equal(r.device, "/dev/x");
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":3,\"lat\":91,\"lon\":2}", &r), GPSD_LOST);
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":3}", &r), GPSD_LOST);
	assert_int_equal(read_text("{\"class\":\"VERSION\"}", &r), GPSD_VERSION);
	assert_int_equal(read_text("{\"class\":\"DEVICES\",\"devices\":[]}", &r), GPSD_NO_DEVICE);
	assert_int_equal(read_text("{\"class\":\"SKY\"}", &r), GPSD_OTHER);
	assert_int_equal(read_text("{\"class\":\"DEVICE\",\"path\":\"/dev/x\",\"activated\":0}", &r), GPSD_REMOVED);
	assert_string_equal(r.device, "/dev/x");
	assert_int_equal(read_text("{\"class\":\"DEVICE\",\"path\":\"/dev/x\",\"activated\":\"2026-01-01T0\"}", &r),
			 GPSD_OTHER);
	assert_int_equal(read_text("{\"klass\":1}", &r), ERR_MALFORMED);
	assert_int_equal(read_text("[]", &r), ERR_MALFORMED);
}

static void test_every_cut(void **state)
{
	(void) state;
	for (size_t size = 0; size < sizeof(tpv) - 1; size++) {
		struct gpsd_report r;
		char *cut = malloc(size + 1);

		memcpy(cut, tpv, size);
		assert_int_equal(gpsd_read(cut, size, &r), ERR_MALFORMED);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_what_else_is_reported),
		cmocka_unit_test(test_no_positions),
		cmocka_unit_test(test_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
