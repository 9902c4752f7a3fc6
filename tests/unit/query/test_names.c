/* The names of all records: each leads to a field, means something, and its example is an expression. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "detect/alert_names.h"
#include "feed/message_names.h"
#include "feed/packet_names.h"
#include "phy/phys.h"
#include "query/compile.h"
#include "track/device_names.h"
#include "track/sighting_names.h"
#include "track/tracker.h"

static int make_tracker(void **state)
{
	struct track_conf conf = {.phys = built_in_phys};

	option_table_default(&track_options, &conf);
	*state = tracker_create(&conf);
	return 0;
}

static int destroy_tracker(void **state)
{
	tracker_destroy(*state);
	return 0;
}

static void check_row(const struct query_record *record, const struct query_name *row)
{
	struct query_error error;
	struct field_path path;
	struct query_program *p = query_compile(record, row->example, strlen(row->example), 1800000000, &error);

	if (!p)
		fail_msg("%s: '%s': %s", record->name, row->example, error.text);
	query_program_destroy(p);
	assert_true(row->doc[strlen(row->doc) - 1] == '.');
	assert_ptr_equal(query_names_find(record, row->name, strlen(row->name)), row);
	for (size_t i = 0; i < QUERY_PATHS_MAX && row->paths[i]; i++)
		if (field_path_compile(record->table, row->paths[i], strlen(row->paths[i]), &path) < 0 || !path.known)
			fail_msg("%s have no field %s", record->name, row->paths[i]);
	assert_true(row->paths[0] || row->kind == QUERY_VIEW);
	if (row->kind != QUERY_VIEW)
		assert_non_null(query_shown_path(record, row->name));
}

static void every_name_leads_to_a_field(void **state)
{
	const struct query_record *records[] = {&device_query, &alert_query, &message_query, &packet_query,
						&sighting_query};
	const struct query_name *row;

	(void) state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		for (size_t k = 0; (row = query_names_at(records[i], k)); k++)
			check_row(records[i], row);
	assert_non_null(query_names_find(&device_query, "ssid", 4));
	assert_non_null(query_names_find(&device_query, "callsign", 8));
}

static void what_takes_a_lock_says_so(void **state)
{
	const char *texts[] = {"type:ap or ssid:x y", "type:ap or source:x"};
	struct query_error error;

	(void) state;
	for (size_t i = 0; i < 2; i++) {
		struct query_program *p = query_compile(&device_query, texts[i], strlen(texts[i]), 1, &error);

		assert_int_equal(query_program_locks(p), i);
		query_program_destroy(p);
	}
}

static void field_paths_are_names(void **state)
{
	(void) state;
	assert_string_equal(query_shown_path(&device_query, "NAME"), "kismet.device.base.commonname");
	assert_string_equal(query_shown_path(&device_query, "kismet.device.base.type"), "kismet.device.base.type");
	assert_null(query_shown_path(&device_query, "kismet.device.base.none"));
	assert_string_equal(query_names_like(&device_query, "chanel"), "channel");
	assert_null(query_names_like(&device_query, "xxxxxxxx"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_leads_to_a_field),
		cmocka_unit_test(what_takes_a_lock_says_so),
		cmocka_unit_test(field_paths_are_names),
	};

	return cmocka_run_group_tests(tests, make_tracker, destroy_tracker);
}
