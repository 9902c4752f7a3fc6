/* What proxies say, and which are trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/proxy.h"

static struct proxies trusted;

static int setup(void **state)
{
	(void) state;
	assert_true(proxies_add(&trusted, "127.0.0.1"));
	assert_true(proxies_add(&trusted, "10.0.0.0/8"));
	assert_true(proxies_add(&trusted, "2001:db8:1::/48"));
	return 0;
}

static void test_which_are_trusted(void **state)
{
	static const char *const wrong[] = {"",        "host", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8x",
					    "::1/129", "/8",   "10.0.0.0/-1", "10.0.0"};
	struct proxies p = {0};

	(void) state;
	assert_true(proxies_trust(&trusted, "127.0.0.1"));
	assert_true(proxies_trust(&trusted, "10.255.0.1"));
	assert_true(proxies_trust(&trusted, "::ffff:10.1.2.3"));
	assert_true(proxies_trust(&trusted, "2001:db8:1:ffff::1"));
	assert_false(proxies_trust(&trusted, "127.0.0.2"));
	assert_false(proxies_trust(&trusted, "11.0.0.1"));
	assert_false(proxies_trust(&trusted, "2001:db8:2::1"));
	assert_false(proxies_trust(&trusted, "unix"));
	assert_false(proxies_trust(&trusted, ""));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(proxies_add(&p, wrong[i]));
	assert_true(proxies_add(&p, "0.0.0.0/0") && proxies_trust(&p, "192.0.2.1") &&
		    !proxies_trust(&p, "2001:db8::1"));
	assert_true(proxies_add(&p, "unix") && proxies_trust(&p, "unix"));
	assert_true(proxies_add(&p, "::/0") && proxies_trust(&p, "2001:db8::1"));
}

static const char *client(const char *forwarded, const char *list)
{
	static struct forwarded_as forwarded_as;
	const struct forwarding f = {.forwarded = forwarded, .client = list};

	forwarding_read(&f, &trusted, &forwarded_as);
	return forwarded_as.client;
}

static void test_the_client(void **state)
{
	(void) state;
	assert_string_equal(client(NULL, "192.0.2.1"), "192.0.2.1");
	assert_string_equal(client(NULL, "198.51.100.1, 192.0.2.1"), "192.0.2.1");
	assert_string_equal(client(NULL, "198.51.100.1,192.0.2.1 , 10.0.0.1"), "192.0.2.1");
	assert_string_equal(client(NULL, "10.0.0.2, 10.0.0.1"), "10.0.0.2");
	assert_string_equal(client(NULL, "192.0.2.1:4711"), "192.0.2.1");
	assert_string_equal(client(NULL, "2001:db8::1"), "2001:db8::1");
	assert_string_equal(client(NULL, "[2001:db8::1]:4711"), "2001:db8::1");
	assert_string_equal(client(NULL, "198.51.100.1, <script>"), "");
	assert_string_equal(client(NULL, ""), "");
	assert_string_equal(client("for=192.0.2.1", NULL), "192.0.2.1");
	assert_string_equal(client("For=\"[2001:db8:cafe::17]:4711\"", NULL), "2001:db8:cafe::17");
	assert_string_equal(client("for=198.51.100.1, for=192.0.2.43;proto=https;by=203.0.113.60", NULL), "192.0.2.43");
	assert_string_equal(client("for=192.0.2.43 , for=10.0.0.1", NULL), "192.0.2.43");
	assert_string_equal(client("for=_hidden", NULL), "_hidden");
	assert_string_equal(client("for=\"a,b\";proto=http, for=192.0.2.1", NULL), "192.0.2.1");
	assert_string_equal(client("for=1.1.1.1 for=2.2.2.2", NULL), "");
	/* one of the two was not set by the proxy, and it is unknown which */
	assert_string_equal(client("for=192.0.2.1", "198.51.100.1"), "");
	assert_string_equal(client("for=192.0.2.1", "192.0.2.1"), "192.0.2.1");
}

static void test_host_port_and_scheme(void **state)
{
	struct forwarding f = {.client = "192.0.2.1",
			       .host = "evil.example, Sensor.example:8443",
			       .proto = "http, https",
			       .port = "8443"};
	struct forwarded_as w;

	(void) state;
	forwarding_read(&f, &trusted, &w);
	assert_string_equal(w.host.host, "sensor.example");
	assert_int_equal(w.host.port, 8443);
	assert_int_equal(w.port, 8443);
	assert_int_equal(w.scheme, SCHEME_HTTPS);
	f = (struct forwarding){
		.forwarded = "for=192.0.2.1;host=\"a.example:81\";proto=http", .host = "b.example", .port = "99999"};
	forwarding_read(&f, &trusted, &w);
	assert_string_equal(w.host.host, "a.example");
	assert_int_equal(w.scheme, SCHEME_HTTP);
	assert_int_equal(w.port, 0);
	f = (struct forwarding){.host = "a b", .proto = "gopher", .port = "x"};
	forwarding_read(&f, &trusted, &w);
	assert_string_equal(w.host.host, "");
	assert_int_equal(w.scheme, SCHEME_UNKNOWN);
}

static void test_very_long_lists(void **state)
{
	char list[4096] = "";

	(void) state;
	for (int i = 0; i < 200; i++)
		(void) strcat(list, "192.0.2.1, ");
	assert_string_equal(client(NULL, list), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_are_trusted),
		cmocka_unit_test(test_the_client),
		cmocka_unit_test(test_host_port_and_scheme),
		cmocka_unit_test(test_very_long_lists),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
