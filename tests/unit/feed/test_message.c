#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limit.h"
#include "feed/message.h"

static void test_keeps_the_newest(void **state)
{
	struct message_bus *bus = message_bus_create();
	struct message got[50];
	char text[32];

	(void) state;
	assert_int_equal(message_copy(bus, 0, got), 0);
	for (int i = 1; i <= 50 + 3; i++) {
		(void) snprintf(text, sizeof(text), "message %d", i);
		message_post(bus, MESSAGE_INFO, text);
	}
	assert_int_equal(message_copy(bus, 0, got), 50);
	assert_string_equal(got[0].text, "message 4");
	assert_int_equal(got[50 - 1].number, 50 + 3);
	assert_int_equal(message_copy(bus, UINT64_MAX, got), 0);
	message_bus_destroy(bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_keeps_the_newest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
