/* Forms as browsers, scripts and people at a terminal write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "serve/form.h"

/* The pairs of a form as "name>value|name>value|". */
static void check(const char *text, const char *expected)
{
	size_t n = strlen(text);
	struct form form = {.text = malloc(n + 1), .n = n};
	struct form_pair pair;
	struct buf out = {0};

	memcpy(form.text, text, n);
	while (form_next(&form, &pair)) {
		assert_int_equal(strlen(pair.value), pair.n);
		buf_printf(&out, "%s>%s|", pair.name, pair.value);
	}
	assert_string_equal(buf_text(&out), expected);
	buf_finish(&out);
	free(form.text);
}

static void test_pairs(void **state)
{
	(void) state;
	check("", "");
	check("a=1&b=2", "a>1|b>2|");
	check("a=b=c&d==", "a>b=c|d>=|");
	check("&&a&&=1&b=&", "a>|>1|b>|");
	check("a+b=c+d&e%20f=%2B%26%3d", "a b>c d|e f>+&=|");
	check("a=%&b=%4&c=%zz&d=%4a", "a>%|b>%4|c>%zz|d>J|");
	check("a=1\r\n", "a>1|");
	check("a=1&\nb=2\n&\r\nc\n", "a>1|b>2|c>|");
	check("a=one\ntwo", "a>one\ntwo|");
	check("definition=/a b.pcap:name=x,type=y", "definition>/a b.pcap:name=x,type=y|");
}

static void test_json_that_is_not_encoded(void **state)
{
	(void) state;
	check("json={\"a\":\"b=c\"}\n", "json>{\"a\":\"b=c\"}|");
	check("json={\"a\":\"^x(?=y)&z+\"}&b=2", "json>{\"a\":\"^x(?=y)&z+\"}|b>2|");
	check("json={\n \"channel\": \"6HT40+\",\n \"x\": [1]\n}\n&a=1",
	      "json>{\n \"channel\": \"6HT40+\",\n \"x\": [1]\n}|a>1|");
	check("json=[{\"a\\\"]&\":\"}&]\"}]&b", "json>[{\"a\\\"]&\":\"}&]\"}]|b>|");
	check("json={\"a\":\"%41\"}", "json>{\"a\":\"A\"}|");
	/* encoded in part, as a browser's address line does it: a form like any other */
	check("json={%22a%22:1}&b=c+d", "json>{\"a\":1}|b>c d|");
	/* what does not close ends where a pair ends */
	check("json={\"a\":1&b={\"c\":\"d+\"}", "json>{\"a\":1|b>{\"c\":\"d \"}|");
}

static void test_octets(void **state)
{
	char text[] = "a=x%00y&b=\xff";
	struct form form = {.text = text, .n = sizeof(text) - 1};
	struct form_pair pair;

	(void) state;
	assert_true(form_next(&form, &pair));
	assert_int_equal(pair.n, 3);
	assert_memory_equal(pair.value, "x\0y", 3);
	assert_true(form_next(&form, &pair));
	assert_string_equal(pair.value, "\xff");
	assert_false(form_next(&form, &pair));
}

/* The rest of a body is not searched for each of the brackets that do not close. */
static void test_many_that_do_not_close(void **state)
{
	size_t n = 1 << 20, pairs = 0;
	struct form form = {.text = malloc(n + 1), .n = n};
	struct form_pair pair;

	(void) state;
	for (size_t i = 0; i < n; i++)
		form.text[i] = "=[\"&"[i % 4];
	while (form_next(&form, &pair))
		pairs++;
	assert_int_equal(pairs, n / 4);
	free(form.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_json_that_is_not_encoded),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_many_that_do_not_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
