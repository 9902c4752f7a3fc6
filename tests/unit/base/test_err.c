#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void test_every_code_has_words(void **state)
{
	static const int codes[] = {ERR_TRUNCATED, ERR_MALFORMED, ERR_LIMIT, ERR_UNSUPPORTED,
				    ERR_NOT_FOUND, ERR_EXISTS,    ERR_DENIED};

	(void) state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_true(codes[i] < -ERR_BASE);
		assert_string_not_equal(err_text(codes[i]), "unknown error");
	}
}

static void test_others(void **state)
{
	(void) state;
	assert_string_equal(err_text(0), "success");
	assert_string_equal(err_text(17), "success");
	assert_string_equal(err_text(-ENOENT), strerror(ENOENT));
	assert_string_equal(err_text(-ERR_BASE), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_has_words),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
