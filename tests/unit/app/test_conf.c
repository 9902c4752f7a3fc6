#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/conf.h"
#include "base/log.h"
#include "base/mem.h"

static const struct conf_paths paths = {"/conf", "/home", "/bin", "/data"};

/* Reads a file of that name and text into options that had their defaults; how many errors. */
static unsigned read_text(struct app_conf *o, const char *name, const void *text, size_t n)
{
	char folder[] = "/tmp/norn-conf-XXXXXX", path[64];
	struct conf c = {0};
	FILE *f;

	assert_non_null(mkdtemp(folder));
	(void) snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	app_conf_default(o);
	conf_read(path, &paths, &c);
	(void) unlink(path);
	(void) rmdir(folder);
	return options_set(&o->options, &c, &paths);
}

#define READ(o, name, text) read_text((o), (name), (text), sizeof(text) - 1)

/* A value of the row that is not its default, of those that are hard to write. */
static void set_odd_value(const struct option_row *row, void *o, unsigned turn)
{
	static const char *const texts[] = {"plain",      " spaces ",  "a # b",          "#a",          "\"a b\"",
					    "\"a\" # \"", "\"\"a\"\"", "x:name=\"a b\"", "a=b,c=\"d\"", "caf\xc3\xa9",
					    "\"",         "\"\"",      " \"a\" \"b\" "};
	char number[32];

	switch ((enum option_kind) row->kind) {
	case OPTION_BOOL:
		assert_int_equal(option_set(row, o, strcmp(row->fallback, "true") ? "true" : "false"), 0);
		break;
	case OPTION_U32:
	case OPTION_I32:
	case OPTION_U64:
	case OPTION_REAL:
		(void) snprintf(number, sizeof(number), "%.0f",
				row->ranged ? (turn % 2 ? row->min : row->max) : turn + 77.0);
		assert_int_equal(option_set(row, o, number), 0);
		break;
	case OPTION_TEXT: assert_int_equal(option_set(row, o, texts[turn % ARRAY_SIZE(texts)]), 0); break;
	case OPTION_LIST:
		option_clear(row, o);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(option_set(row, o, texts[(turn + i) % ARRAY_SIZE(texts)]), 0);
		break;
	case OPTION_ENUM: assert_int_equal(option_set(row, o, row->texts[1]), 0); break;
	}
}

static void test_every_option_comes_back(void **state)
{
	(void) state;
	for (unsigned turn = 0; turn < 13; turn++) {
		struct app_conf first, second;
		struct buf a = {0}, b = {0};

		app_conf_default(&first);
		for (size_t i = 0; i < APP_CONF_TABLE_COUNT; i++)
			for (size_t k = 0; k < first.sections[i].table->n; k++)
				set_odd_value(&first.sections[i].table->rows[k], first.sections[i].conf,
					      turn + (unsigned) k);
		assert_true(options_have_secrets(&first.options));
		options_print(&first.options, true, &a);
		assert_int_equal(read_text(&second, "a.conf", buf_text(&a), a.len), 0);
		options_print(&second.options, true, &b);
		assert_string_equal(buf_text(&a), buf_text(&b));
		buf_finish(&a);
		buf_finish(&b);
		options_finish(&first.options);
		options_finish(&second.options);
	}
}

static void test_secrets_stay_out_where_they_are_not_asked_for(void **state)
{
	struct app_conf o;
	struct buf b = {0};

	(void) state;
	assert_int_equal(READ(&o, "a.conf", "httpd_password=sesame\nwepkey=00:11:22:33:44:55,0123456789\n"), 0);
	options_print(&o.options, false, &b);
	assert_null(strstr(buf_text(&b), "sesame"));
	assert_null(strstr(buf_text(&b), "0123456789"));
	assert_non_null(strstr(buf_text(&b), "\n#httpd_password="));
	buf_finish(&b);
	options_finish(&o.options);
}

static void test_a_file_as_others_write_it(void **state)
{
	struct app_conf o;

	(void) state;
	assert_int_equal(READ(&o, "a.conf",
			      "\xef\xbb\xbfhttpd_port=2600\r\n"
			      "log_title= a title \r\n"
			      "log_prefix=\"/a #b/\"   # logs\r\n"
			      "log_template=\r\n"
			      "httpd_bind_address=\r\n"
			      "channel_hop\r\n"
			      "tracker_device_timeout=1800    # half an hour\r\n"
			      "own_ssid=Cafe #1\r\n"
			      "httpd_password=a #b\r\n"
			      "devicefound=00:11:22:33:44:55 # mine\r\n"
			      "gps=gpsd:host=localhost,port=2947,reconnect=true\r\n"
			      "HTTPD_USERNAME=kismet"),
			 0);
	assert_int_equal(o.serve.port, 2600);
	assert_string_equal(o.logs.title, "a title");
	assert_string_equal(o.logs.prefix, "/a #b/");
	assert_string_equal(o.logs.file_template, "%p/%n-%D-%t-%i.%l");
	assert_int_equal(o.serve.bind_addresses.n, 1);
	assert_true(o.capture.hop);
	assert_int_equal(o.track.timeout_sec, 1800);
	assert_string_equal(o.detector.own_ssids.items[0], "Cafe #1");
	assert_string_equal(o.serve.password, "a #b");
	assert_string_equal(o.detector.found.items[0], "00:11:22:33:44:55");
	assert_string_equal(o.serve.username, "kismet");
	options_finish(&o.options);
}

static void test_kismets_files_start_in_spite_of_faults(void **state)
{
	static const char text[] = "httpd_port=http\nchannel_hop=perhaps\n=x\nlog_title=good\n";
	struct app_conf o;

	(void) state;
	assert_int_equal(READ(&o, "norn.conf", text), 3);
	options_finish(&o.options);
	assert_int_equal(READ(&o, "kismet_site.conf", text), 0);
	assert_int_equal(o.options.said.warnings, 3);
	assert_int_equal(o.serve.port, 2501);
	assert_string_equal(o.logs.title, "good");
	assert_non_null(strstr(o.options.said.first, "kismet_site.conf:3: expected"));
	options_finish(&o.options);
	assert_int_equal(READ(&o, "norn.conf", "a=b\0c\n"), 1);
	options_finish(&o.options);
	assert_int_equal(READ(&o, "kismet.conf", "include=/nowhere/at/all\n"), 1);
	options_finish(&o.options);
}

static void test_a_fault_is_reported_once(void **state)
{
	struct app_conf o;

	(void) state;
	assert_int_equal(READ(&o, "norn.conf", "alert=X\n"), 0);
	assert_int_equal(options_fault(&o.options, "alert", "X", "why"), 1);
	assert_int_equal(options_fault(&o.options, "alert", "X", "why"), 0);
	options_finish(&o.options);
	assert_int_equal(READ(&o, "kismet_alerts.conf", "alert=X\n"), 0);
	assert_int_equal(options_fault(&o.options, "alert", "X", "why"), 0);
	assert_int_equal(o.options.said.warnings, 1);
	assert_true(options_lenient(&o.options, "alert"));
	assert_false(options_lenient(&o.options, "source"));
	options_finish(&o.options);
}

static void test_more_is_added_to_a_default(void **state)
{
	struct app_conf o;

	(void) state;
	assert_int_equal(READ(&o, "a.conf", "httpd_bind_address+=::1\n"), 0);
	assert_int_equal(o.serve.bind_addresses.n, 2);
	options_finish(&o.options);
	assert_int_equal(READ(&o, "a.conf", "httpd_bind_address=::1\nhttpd_bind_address=10.0.0.1\n"), 0);
	assert_int_equal(o.serve.bind_addresses.n, 2);
	assert_string_equal(o.serve.bind_addresses.items[0], "::1");
	options_finish(&o.options);
}

/* What a room's tests take as its defaults is what the server takes, and a table speaks of the struct beside it. */
static void test_every_table_fits_its_struct(void **state)
{
	const struct option_table *t;
	size_t size;

	(void) state;
	for (size_t i = 0; (t = app_conf_table(i, &size)); i++) {
		cleanup_free char *conf = xalloc(t->size);

		assert_int_equal(t->size, size);
		option_table_default(t, conf);
		for (size_t k = 0; k < t->n; k++) {
			cleanup_free char *fallback = option_fallback(&t->rows[k]);
			struct buf b = {0};

			for (size_t v = 0; v < option_count(&t->rows[k], conf); v++) {
				buf_str(&b, v ? "," : "");
				option_write(&t->rows[k], conf, v, &b);
			}
			assert_string_equal(buf_text(&b), fallback);
			buf_finish(&b);
		}
		option_table_clear(t, conf);
	}
}

static void test_no_name_stands_twice(void **state)
{
	const struct option_table *t, *u;
	size_t size;

	(void) state;
	for (size_t i = 0; (t = app_conf_table(i, &size)); i++)
		for (size_t k = 0; k < t->n; k++)
			for (size_t j = 0; j <= i && (u = app_conf_table(j, &size)); j++)
				assert_true(option_find(u, t->rows[k].name) == (j < i ? NULL : &t->rows[k]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_table_fits_its_struct),
		cmocka_unit_test(test_no_name_stands_twice),
		cmocka_unit_test(test_every_option_comes_back),
		cmocka_unit_test(test_secrets_stay_out_where_they_are_not_asked_for),
		cmocka_unit_test(test_a_file_as_others_write_it),
		cmocka_unit_test(test_kismets_files_start_in_spite_of_faults),
		cmocka_unit_test(test_a_fault_is_reported_once),
		cmocka_unit_test(test_more_is_added_to_a_default),
	};

	log_set_silent(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
