/* The whitelist's file: what is read, what is left out, what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "store/state/fingerprints.h"

static char folder[64], path[96];

static int make(void **state)
{
	(void) state;
	(void) snprintf(folder, sizeof(folder), "/tmp/norn-prints-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void) snprintf(path, sizeof(path), "%s/fingerprints.jsonl", folder);
	return 0;
}

static int clean(void **state)
{
	(void) state;
	(void) unlink(path);
	return rmdir(folder);
}

static void write_text(const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static struct fingerprint of(uint8_t last, uint32_t beacon)
{
	return (struct fingerprint){.mac = {{0, 1, 2, 3, 4, last}}, .beacon = beacon};
}

static void broken_lines_are_left_out(void **state)
{
	struct fingerprints *f;
	struct fingerprint *all;
	uint32_t n;

	(void) state;
	write_text("{\"macaddr\":\"00:01:02:03:04:09\",\"beacon_hash\":4294967295,\"probe_hash\":-1}\n"
		   "no json\n\n[1]\n{\"beacon_hash\":1}\n{\"macaddr\":\"00:01:02\"}\n{\"macaddr\":5}\n"
		   "{\"macaddr\":\"00:01:02:03:04:09\",\"beacon_hash\":2}\n"
		   "{\"macaddr\":\"00:01:02:03:04:05\",\"response_hash\":4294967296,\"probe_hash\":3}");
	f = fingerprints_open(path);
	all = fingerprints_all(f, &n);
	assert_int_equal(n, 2);
	assert_int_equal(all[0].mac.b[5], 5);
	assert_int_equal(all[0].probe, 3);
	assert_int_equal(all[0].response, 0);
	assert_int_equal(all[1].beacon, UINT32_MAX);
	assert_int_equal(all[1].probe, 0);
	free(all);
	fingerprints_close(f);
}

static void changes_outlive_the_run(void **state)
{
	const struct fingerprint two[] = {of(7, 70), of(6, 60)}, clash[] = {of(8, 80), of(7, 1)};
	struct fingerprints *f = fingerprints_open(path);
	struct fingerprint x = of(6, 61);

	(void) state;
	assert_false(fingerprints_any(f));
	assert_int_equal(fingerprints_insert(f, two, 2), 0);
	assert_true(fingerprints_any(f));
	assert_int_equal(fingerprints_insert(f, clash, 2), ERR_EXISTS);
	assert_false(fingerprints_find(f, &clash[0].mac, &x));
	assert_int_equal(fingerprints_update(f, &x), 0);
	assert_int_equal(fingerprints_update(f, &clash[0]), ERR_NOT_FOUND);
	fingerprints_close(f);

	f = fingerprints_open(path);
	assert_true(fingerprints_find(f, &two[1].mac, &x));
	assert_int_equal(x.beacon, 61);
	assert_int_equal(fingerprints_delete(f, (struct mac[]){two[0].mac, two[1].mac, clash[0].mac}, 3), 2);
	assert_false(fingerprints_any(f));
	fingerprints_close(f);

	f = fingerprints_open(path);
	assert_false(fingerprints_any(f));
	fingerprints_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(broken_lines_are_left_out, make, clean),
		cmocka_unit_test_setup_teardown(changes_outlive_the_run, make, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
