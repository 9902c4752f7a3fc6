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

static int read_text(const char *text, const char *device, struct position *ret)
{
	return gpsd_read(text, strlen(text), device, ret);
}

static void test_places(void **state)
{
	struct position p = {0};

	(void) state;
	assert_int_equal(read_text(tpv, NULL, &p), GPSD_PLACE);
	assert_true(fabs(p.lat - 53.5) < NEAR);
	assert_true(fabs(p.lon + 6.25) < NEAR);
	assert_float_equal(p.alt_m, 61.5, 0.01);
	assert_float_equal(p.speed_kmh, 36, 0.01);
	assert_float_equal(p.accuracy_m, 5, 0.01);
	assert_int_equal(p.fix, POSITION_FIX_3D);
	assert_int_equal(read_text(tpv, "/dev/ttyACM0", &p), GPSD_PLACE);
	assert_int_equal(read_text(tpv, "/dev/ttyACM1", &p), GPSD_OTHER);
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":2,\"alt\":3}", NULL, &p),
			 GPSD_PLACE);
	assert_int_equal(p.fix, POSITION_FIX_2D);
}

static void test_no_places(void **state)
{
	struct position p = {.lat = 7};

	(void) state;
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":1}", NULL, &p), GPSD_LOST);
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":3,\"lat\":91,\"lon\":2}", NULL, &p), GPSD_LOST);
	assert_int_equal(read_text("{\"class\":\"TPV\",\"mode\":3}", NULL, &p), GPSD_LOST);
	assert_int_equal(read_text("{\"class\":\"VERSION\"}", NULL, &p), GPSD_VERSION);
	assert_int_equal(read_text("{\"class\":\"DEVICES\",\"devices\":[]}", NULL, &p), GPSD_NO_DEVICE);
	assert_int_equal(read_text("{\"class\":\"SKY\"}", NULL, &p), GPSD_OTHER);
	assert_int_equal(read_text("{\"klass\":1}", NULL, &p), ERR_MALFORMED);
	assert_int_equal(read_text("[]", NULL, &p), ERR_MALFORMED);
	assert_true(fabs(p.lat - 7) < NEAR);
}

static void test_every_cut(void **state)
{
	(void) state;
	for (size_t size = 0; size < sizeof(tpv) - 1; size++) {
		struct position p = {0};
		char *cut = malloc(size + 1);

		memcpy(cut, tpv, size);
		assert_int_equal(gpsd_read(cut, size, NULL, &p), ERR_MALFORMED);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_no_places),
		cmocka_unit_test(test_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
