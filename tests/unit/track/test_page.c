/* Pages of records: what is in them, in which order, and that a page is the same whether all records were kept or only
 * as many as it needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "field/select.h"
#include "field/table.h"
#include "track/page.h"
#include "track/user_views.h"

#define RECORDS 1000

struct thing {
	uint32_t id, number;
	char name[16];
};
static const struct field rows[] = {
	FIELD(struct thing, "thing.number", number, "A number."),
	FIELD(struct thing, "thing.name", name, "A name."),
};
static struct field_table table = FIELD_TABLE(struct thing, "thing", rows);
static struct thing things[RECORDS];

/* Numbers that repeat, in no order; the name of each bears its number. */
static int set_up(void **state)
{
	(void) state;
	field_prepare(&table);
	for (uint32_t i = 0; i < RECORDS; i++) {
		things[i] = (struct thing){.id = i, .number = i * 37 % 250};
		(void) snprintf(things[i].name, sizeof(things[i].name), "ap%u", things[i].number);
	}
	return 0;
}

static uint32_t next(void *ctx, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
		     struct device_handle ret_handles[TRACK_SLICE])
{
	uint32_t n = 0;

	(void) ctx;
	for (; n < TRACK_SLICE && walk->slot < RECORDS; n++, walk->slot++) {
		ret_records[n] = &things[walk->slot];
		ret_handles[n] = (struct device_handle){.slot = walk->slot};
	}
	return n;
}

static struct key key_of(const void *record)
{
	return (struct key){.phy_hash = ((const struct thing *) record)->id};
}

static struct record_page find(const struct page_query *q)
{
	static const struct page_source from = {next, NULL, key_of, NULL};
	struct record_page page;

	page_find(&from, q, &(struct field_ctx){0}, &page);
	return page;
}

static struct field_path path_of(const char *text)
{
	struct field_path path;

	assert_true(field_path_compile(&table, text, strlen(text), &path) >= 0);
	return path;
}

static const struct thing *at(const struct record_page *p, uint64_t i)
{
	return &things[p->items[i].slot];
}

static void a_page_is_in_order(void **state)
{
	struct field_path number = path_of("thing.number");

	(void) state;
	for (int descending = 0; descending < 2; descending++) {
		struct record_page p =
			find(&(struct page_query){.view = -1, .sort = &number, .descending = descending});

		assert_int_equal(p.n, RECORDS);
		for (uint64_t i = 1; i < p.n; i++) {
			const struct thing *a = at(&p, i - 1), *b = at(&p, i);

			if (a->number == b->number)
				assert_true(a->id < b->id); /* ties go by key, whatever the direction */
			else
				assert_true(descending ? a->number > b->number : a->number < b->number);
		}
		free(p.items);
	}
}

static void a_window_is_a_part_of_all(void **state)
{
	static const struct {
		uint64_t start, length, n;
	} windows[] = {{0, 10, 10}, {10, 10, 10}, {995, 10, 5}, {1000, 10, 0}, {5000, 10, 0}, {0, 5000, RECORDS}};
	struct field_path name = path_of("thing.name");
	struct record_page all = find(&(struct page_query){.view = -1, .sort = &name});

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++) {
		struct record_page p = find(&(struct page_query){
			.view = -1, .sort = &name, .start = windows[i].start, .length = windows[i].length});

		assert_int_equal(p.n, windows[i].n);
		assert_int_equal(p.total, RECORDS);
		assert_int_equal(p.matched, RECORDS);
		for (uint64_t k = 0; k < p.n; k++)
			assert_int_equal(p.items[k].slot, all.items[windows[i].start + k].slot);
		free(p.items);
	}
	free(all.items);
}

static void without_an_order_keys_decide(void **state)
{
	struct record_page p = find(&(struct page_query){.view = -1, .start = 3, .length = 4});

	(void) state;
	assert_int_equal(p.n, 4);
	for (uint64_t i = 0; i < p.n; i++)
		assert_int_equal(at(&p, i)->id, 3 + i);
	free(p.items);
}

static void conditions_leave_records_out(void **state)
{
	struct field_filter *regexes = field_filter_create(&table), *filter = field_filter_create(&table);
	char error[FIELD_ERROR_SIZE];
	struct view_filter *within;
	struct record_page p;

	(void) state;
	assert_true(field_filter_add(regexes, "thing.name", "^ap1", error) >= 0);
	assert_true(field_filter_add(filter, "thing.name", "9$", error) >= 0);
	within = view_filter_create(regexes);
	p = find(&(struct page_query){.view = -1, .conditions = {.within = within, .filter = filter}});
	assert_int_equal(p.total, 4 * 111);  /* 1, 10 to 19, 100 to 199, each four times */
	assert_int_equal(p.matched, 4 * 11); /* 19, 109 to 199 */
	assert_int_equal(p.n, p.matched);
	free(p.items);
	view_filter_destroy(within);
	field_filter_destroy(filter);
}

static void a_search_looks_at_its_fields(void **state)
{
	struct field_selection *names = field_selection_create(&table), *numbers = field_selection_create(&table);
	struct record_page p;

	(void) state;
	assert_true(field_selection_add(names, "thing.name", NULL) >= 0);
	assert_true(field_selection_add(numbers, "thing.number", NULL) >= 0);
	p = find(&(struct page_query){.view = -1, .search = "AP24", .searched = names, .length = 3});
	assert_int_equal(p.n, 3);
	assert_int_equal(p.total, RECORDS);
	assert_int_equal(p.matched, 4 * 11); /* 24, 240 to 249 */
	free(p.items);
	p = find(&(struct page_query){.view = -1, .search = "ap24", .searched = numbers});
	assert_int_equal(p.matched, 0);
	free(p.items);
	field_selection_destroy(names);
	field_selection_destroy(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_in_order),           cmocka_unit_test(a_window_is_a_part_of_all),
		cmocka_unit_test(without_an_order_keys_decide), cmocka_unit_test(conditions_leave_records_out),
		cmocka_unit_test(a_search_looks_at_its_fields),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
