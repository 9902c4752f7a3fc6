/* The guard of what changes something: whose page, and by which name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/guard.h"

#define HOST "127.0.0.1:2501"

static char said[GUARD_SENTENCE_SIZE];
static char *names[] = {"sensor.example.org", "other.example:8443"};
static const struct string_list named = {names, 2};
static const struct guard_conf local = {.loopback = true, .hostname = "pi", .allowed_hosts = &named};
static const struct guard_conf lan = {.hostname = "pi.example.net"};

static bool page(struct guard_facts f)
{
	f.peer = "192.0.2.9";
	if (!f.host)
		f.host = HOST;
	return guard_page(&local, &f, said);
}

static bool host(const struct guard_conf *c, const char *name)
{
	struct guard_facts f = {.host = name, .peer = "192.0.2.9"};

	return guard_host(c, &f, said);
}

static void test_own_pages_and_scripts_pass(void **state)
{
	(void) state;
	assert_true(page((struct guard_facts){0}));
	assert_true(page(
		(struct guard_facts){.origin = "http://" HOST, .site = "same-origin", .referer = "http://" HOST "/x"}));
	assert_true(page((struct guard_facts){.site = "none"}));
	assert_true(page((struct guard_facts){.referer = ""}));
	assert_true(page((struct guard_facts){.host = "LOCALHOST", .origin = "http://localhost"}));
	assert_true(page((struct guard_facts){.host = "localhost:80", .origin = "http://localhost"}));
	assert_true(page((struct guard_facts){.host = "h", .origin = "https://h", .tls = true}));
	assert_true(page((struct guard_facts){.host = "[::1]:2501", .origin = "http://[::1]:2501"}));
}

static void test_foreign_pages_do_not(void **state)
{
	static const char *const origins[] = {"null",
					      "",
					      "http://evil.example",
					      "http://127.0.0.1",
					      "http://localhost:2501",
					      "http://127.0.0.1:2502",
					      "http://127.0.0.1:25011",
					      "127.0.0.1:2501",
					      "http://evil@127.0.0.1:2501",
					      "http://127.0.0.1:2501.evil.example",
					      "http://127.0.0.1:2501@evil.example",
					      "file://",
					      "chrome-extension://abc"};
	static const char *const sites[] = {"cross-site", "same-site", "", "Same-Origin x", "none,none"};

	(void) state;
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++)
		assert_false(page((struct guard_facts){.origin = origins[i]}));
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++)
		assert_false(page((struct guard_facts){.site = sites[i]}));
	assert_false(page((struct guard_facts){.origin = "http://" HOST, .site = "cross-site"}));
	assert_false(page((struct guard_facts){.referer = "http://evil.example/http://" HOST}));
	assert_false(page((struct guard_facts){.referer = "about:blank"}));
	assert_false(page((struct guard_facts){.host = "h", .origin = "https://h"}));
	assert_false(page((struct guard_facts){.twice = true}));
}

static void test_a_named_origin_passes(void **state)
{
	const struct guard_conf c = {.loopback = true, .allowed_origin = "https://ui.example"};
	struct guard_facts f = {.host = HOST,
				.origin = "https://ui.example",
				.site = "cross-site",
				.referer = "https://ui.example/page"};

	(void) state;
	assert_true(guard_page(&c, &f, said));
	f.origin = "http://ui.example";
	assert_false(guard_page(&c, &f, said));
}

static void test_names(void **state)
{
	static const char *const own[] = {"localhost",
					  "localhost:2501",
					  "127.0.0.1",
					  "127.9.9.9:1",
					  "[::1]:2501",
					  "PI",
					  "pi:2501",
					  "pi.local",
					  "pi.lan",
					  "sensor.example.org",
					  "SENSOR.example.org:99",
					  "other.example:8443"};
	static const char *const foreign[] = {"evil.example",
					      "localhost.evil.example",
					      "127.0.0.1.evil.example",
					      "1.2.3.4",
					      "127.0.0.1:x",
					      "127.0.0.1:",
					      "[::1",
					      "",
					      "other.example",
					      "other.example:1",
					      "pi.evil.example",
					      "pix",
					      "pi.",
					      "localhost.",
					      "0.0.0.0",
					      "127.1",
					      "2130706433",
					      "a@localhost",
					      "localhost:2501/x",
					      "localhost evil",
					      "[fe80::1]"};

	(void) state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!host(&local, own[i]))
			fail_msg("%s: %s", own[i], said);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (host(&local, foreign[i]))
			fail_msg("%s passed", foreign[i]);
	assert_false(host(&local, NULL));
	assert_true(host(&lan, "192.0.2.1:2501"));
	assert_true(host(&lan, "[2001:db8::1]:2501"));
	assert_true(host(&lan, "pi.example.net"));
	assert_true(host(&lan, "pi"));
	assert_false(host(&lan, "pi.example.org"));
}

/* nginx with "Host $host" on another port. */
static void test_behind_a_trusted_proxy(void **state)
{
	struct forwarded_as forwarded_as = {.scheme = SCHEME_HTTPS};
	struct guard_facts f = {.host = "sensor.example",
				.origin = "https://sensor.example:8443",
				.peer = "127.0.0.1",
				.proxy_header = "X-Forwarded-For",
				.trusted = true,
				.forwarded_as = &forwarded_as};

	(void) state;
	assert_true(guard_page(&local, &f, said) && guard_host(&local, &f, said));
	forwarded_as.port = 8443;
	assert_true(guard_page(&local, &f, said));
	forwarded_as.port = 443;
	assert_false(guard_page(&local, &f, said));
	forwarded_as.host = (struct authority){"sensor.example", 8443};
	assert_true(guard_page(&local, &f, said));
	f.origin = "https://evil.example:8443";
	assert_false(guard_page(&local, &f, said));
}

static void test_an_unknown_proxy_gets_the_cure(void **state)
{
	struct guard_facts f = {.host = "sensor.example",
				.origin = "https://sensor.example:8443",
				.peer = "192.0.2.9",
				.proxy_header = "X-Forwarded-For"};

	(void) state;
	assert_false(guard_page(&local, &f, said));
	assert_non_null(strstr(said, "httpd_trusted_proxy=192.0.2.9"));
	assert_false(guard_host(&local, &f, said));
	assert_non_null(strstr(said, "httpd_allowed_host=sensor.example"));
	assert_non_null(strstr(said, "httpd_trusted_proxy=192.0.2.9"));
	f.proxy_header = NULL; /* it says nothing: the other port is the only sign */
	assert_false(guard_page(&local, &f, said));
	assert_non_null(strstr(said, "httpd_trusted_proxy=192.0.2.9"));
	f.origin = "https://evil.example:8443";
	assert_false(guard_page(&local, &f, said));
	assert_null(strstr(said, "httpd_trusted_proxy="));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_pages_and_scripts_pass),
		cmocka_unit_test(test_foreign_pages_do_not),
		cmocka_unit_test(test_a_named_origin_passes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_behind_a_trusted_proxy),
		cmocka_unit_test(test_an_unknown_proxy_gets_the_cure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
