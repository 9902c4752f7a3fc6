/* What is secret in definitions, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/secret.h"

static void test_masks(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"wlan0:name=x,channel=6", "wlan0:name=x,channel=6"},
		{"x:password=geheim", "x:password=***"},
		{"x:Password=\"a,b\",name=y", "x:Password=***,name=y"},
		{"x:wepkey=0102,api_token=t,psk=,name=y", "x:wepkey=***,api_token=***,psk=***,name=y"},
		{"x:http_auth=a=b,rate=1", "x:http_auth=***,rate=1"},
		{"x:a=1,secret=s", "x:a=1,secret=***"},
		{"x:password=\"open", "x:password=***"},
		{"http://user:pass@host:1/x?key=k", "http://user:***@host:1/x?key=***"},
		{"http://user:p@ss@host/", "http://user:***@host/"},
		{"http://host:1/a@b:c", "http://host:1/a@b:c"},
		{"x:password = geheim, name=y", "x:password =***, name=y"},
		{"x:password=a,b", "x:password=***"},
		{"x:password=a,b,c = d", "x:password=***,c = d"},
		{"'x:key=***' has no type, key=1", "'x:key=***' has no type, key=***"},
		{"x:key=***", "x:key=***"},
		{"a.conf:3: wepkey=***: expected", "a.conf:3: wepkey=***: expected"},
		{"x:key=***z", "x:key=***"},
		{"", ""},
		{"=", "="},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];

		(void) strcpy(text, cases[i].from);
		secret_mask(text, sizeof(text));
		assert_string_equal(text, cases[i].to);
	}
}

static void test_it_stays_within_its_room(void **state)
{
	char text[12] = "x:key=,b=12";

	(void) state;
	secret_mask(text, sizeof(text));
	assert_string_equal(text, "x:key=***,b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_masks),
					   cmocka_unit_test(test_it_stays_within_its_room)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
