#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "feed/message.h"

static void test_keeps_the_newest(void **state)
{
	struct message_bus *bus = message_bus_create();
	struct message got[MESSAGE_BACKLOG];
	char text[32];

	(void) state;
	assert_int_equal(message_copy(bus, 0, got), 0);
	for (int i = 1; i <= MESSAGE_BACKLOG + 3; i++) {
		(void) snprintf(text, sizeof(text), "message %d", i);
		message_post(bus, MESSAGE_INFO, text);
	}
	assert_int_equal(message_copy(bus, 0, got), MESSAGE_BACKLOG);
	assert_string_equal(got[0].text, "message 4");
	assert_int_equal(got[MESSAGE_BACKLOG - 1].number, MESSAGE_BACKLOG + 3);
	assert_int_equal(message_copy(bus, UINT64_MAX, got), 0);
	message_bus_destroy(bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_keeps_the_newest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
