#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replace.h"

static char folder[] = "/tmp/norn-replace-XXXXXX";

static void new_replaces_old(void **state)
{
	struct buf b = {0};
	char path[128], part[140], got[32] = "";
	struct stat st;
	FILE *f;

	(void) state;
	(void) snprintf(path, sizeof(path), "%s/x", folder);
	(void) snprintf(part, sizeof(part), "%s.new", path);
	buf_str(&b, "first, longer");
	assert_int_equal(replace_file(path, &b), 0);
	buf_clear(&b);
	buf_str(&b, "second");
	assert_int_equal(replace_file(path, &b), 0);
	buf_finish(&b);
	f = fopen(path, "re");
	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got), f), 6);
	(void) fclose(f);
	assert_string_equal(got, "second");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_not_equal(access(part, F_OK), 0);
	(void) unlink(path);
}

static void failure_is_reported(void **state)
{
	struct buf b = {0};
	(void) state;
	assert_int_equal(replace_file("/proc/none/x", &b), -ENOENT); /* no folders can be made there */
}

static void a_missing_folder_is_made(void **state)
{
	struct buf b = {0};
	char path[160], above[128];
	struct stat st;

	(void) state;
	(void) snprintf(above, sizeof(above), "%s/deep/er", folder);
	(void) snprintf(path, sizeof(path), "%s/x", above);
	buf_str(&b, "x");
	assert_int_equal(replace_file(path, &b), 0);
	buf_finish(&b);
	assert_int_equal(stat(above, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(make_folders(above), 0); /* it is there */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(above), 0);
	(void) snprintf(above, sizeof(above), "%s/deep", folder);
	assert_int_equal(rmdir(above), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_replaces_old),
		cmocka_unit_test(a_missing_folder_is_made),
		cmocka_unit_test(failure_is_reported),
	};
	int r;

	if (!mkdtemp(folder))
		return 1;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	(void) rmdir(folder);
	return r;
}
