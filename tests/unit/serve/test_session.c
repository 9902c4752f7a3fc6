/* Sessions and API keys: each login its own, hashes in the file, early files, and bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limit.h"
#include "serve/session.h"

static char path[64];
static const struct session_info me = {.name = "me", .role = "admin", .address = "192.0.2.1", .agent = "browser"};

static int setup(void **state)
{
	(void) state;
	(void) strcpy(path, "/tmp/norn-session-XXXXXX");
	(void) close(mkstemp(path));
	return 0;
}

static int teardown(void **state)
{
	(void) state;
	(void) unlink(path);
	return 0;
}

static void read_whole(char *ret, size_t size)
{
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	ret[fread(ret, 1, size - 1, f)] = '\0';
	(void) fclose(f);
}

static void test_each_login_is_one_and_outlives_the_run(void **state)
{
	char a[TOKEN_SIZE], b[TOKEN_SIZE], key[TOKEN_SIZE], text[8192];
	struct sessions *s = sessions_open(path, 60, "me\nsecret");
	struct session_info all[8], info;
	struct stat st;

	(void) state;
	sessions_login(s, &me, true, a);
	sessions_login(s, &me, true, b);
	assert_string_not_equal(a, b);
	assert_int_equal(sessions_add_key(s, "k", "readonly", 0, key), 0);
	assert_true(sessions_find(s, a, &info) && sessions_find(s, b, &info) && sessions_find(s, key, &info));
	sessions_logout(s, a);
	assert_false(sessions_find(s, a, &info));
	sessions_close(s);

	read_whole(text, sizeof(text));
	assert_null(strstr(text, b));
	assert_null(strstr(text, key));
	assert_null(strstr(text, "secret"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	s = sessions_open(path, 60, "me\nsecret");
	assert_true(sessions_find(s, b, &info) && sessions_find(s, key, &info));
	assert_string_equal(info.role, "readonly");
	assert_false(sessions_find(s, a, &info));
	assert_int_equal(sessions_list(s, all, 8), 1);
	assert_string_equal(all[0].address, "192.0.2.1");
	assert_int_equal(sessions_end(s, all[0].id), 0);
	assert_false(sessions_find(s, b, &info));
	assert_true(sessions_end(s, all[0].id) < 0);
	sessions_close(s);
}

static void test_another_password_ends_sessions_not_keys(void **state)
{
	struct sessions *s = sessions_open(path, 60, "me\nsecret");
	char a[TOKEN_SIZE], key[TOKEN_SIZE];
	struct session_info info;

	(void) state;
	sessions_login(s, &me, true, a);
	(void) sessions_add_key(s, "k", "admin", 0, key);
	assert_true(sessions_find(s, a, &info));
	sessions_close(s);
	s = sessions_open(path, 60, "me\nother");
	assert_false(sessions_find(s, a, &info));
	assert_true(sessions_find(s, key, &info));
	sessions_login(s, &me, true, a);
	sessions_revoke_logins(s, "me\nthird");
	assert_false(sessions_find(s, a, &info));
	sessions_close(s);
}

static void test_an_early_file_is_read_and_written_anew(void **state)
{
	static const char token[] = "0123456789ABCDEF0123456789ABCDEF";
	FILE *f = fopen(path, "w");
	struct session_info info;
	struct sessions *s;
	char text[4096];

	(void) state;
	assert_non_null(f);
	(void) fprintf(f,
		       "[{\"token\":\"%s\",\"name\":\"old\",\"role\":\"readonly\",\"created\":1,\"accessed\":0,"
		       "\"expires\":0},{\"token\":\"x\"},7]\n",
		       token);
	(void) fclose(f);
	s = sessions_open(path, 60, "me\nsecret");
	assert_true(sessions_find(s, token, &info));
	assert_string_equal(info.name, "old");
	read_whole(text, sizeof(text));
	assert_null(strstr(text, token));
	sessions_close(s);
}

static void test_broken_files_are_ignored(void **state)
{
	static const char *const texts[] = {"",
					    "{",
					    "[]",
					    "{}",
					    "7",
					    "{\"sessions\":7}",
					    "{\"sessions\":[{\"hash\":\"zz\"}]}",
					    "{\"salt\":1,\"login\":[],\"sessions\":[{},[],null]}"};

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *f = fopen(path, "w");
		struct sessions *s;

		(void) fputs(texts[i], f);
		(void) fclose(f);
		s = sessions_open(path, 60, "x");
		assert_int_equal(sessions_count(s), 0);
		sessions_close(s);
	}
}

/* A script that logs in with each request neither fills the table nor writes the file, nor ends a browser's session. */
static void test_scripts(void **state)
{
	struct sessions *s = sessions_open(path, 60, "me\nsecret");
	const struct session_info script = {.name = "me", .role = "admin", .address = "192.0.2.1", .agent = "curl"};
	char browser[TOKEN_SIZE], token[TOKEN_SIZE];
	struct session_info info, all[8];
	struct stat before, after;

	(void) state;
	sessions_login(s, &me, true, browser);
	assert_true(sessions_find(s, browser, &info));
	sessions_tick(s, clock_server_sec());
	assert_int_equal(stat(path, &before), 0);
	for (int i = 0; i < 5000; i++) {
		sessions_login(s, &script, false, token);
		sessions_tick(s, clock_server_sec());
	}
	assert_true(sessions_count(s) < 64);
	assert_true(sessions_find(s, browser, &info));
	assert_int_equal(sessions_list(s, all, 8), 1);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_true(sessions_find(s, token, &info));
	assert_int_equal(sessions_list(s, all, 8), 2);
	sessions_close(s);
}

static void test_it_is_bounded(void **state)
{
	struct sessions *s = sessions_open(NULL, 60, "me\nsecret");
	char first[TOKEN_SIZE], token[TOKEN_SIZE];
	struct session_info info;

	(void) state;
	(void) sessions_add_key(s, "k", "admin", 0, first);
	for (uint64_t i = 0; i < 2 * limit_of(LIMIT_SESSIONS); i++) {
		sessions_login(s, &me, true, token);
		assert_true(sessions_find(s, token, &info));
	}
	assert_int_equal(sessions_count(s), limit_of(LIMIT_SESSIONS));
	assert_true(sessions_find(s, first, &info));
	sessions_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_login_is_one_and_outlives_the_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_password_ends_sessions_not_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_early_file_is_read_and_written_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_files_are_ignored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scripts, setup, teardown),
		cmocka_unit_test(test_it_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
