#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "field/filter.h"
#include "field/list.h"
#include "field/sort.h"

struct leaf {
	char *text;
	uint32_t n;
};
struct tree {
	char *name;
	int32_t level;
	LIST(struct leaf) leaves, by_name;
	struct leaf inner;
	struct leaf one, two;
};

static const struct field leaf_rows[] = {
	FIELD(struct leaf, "leaf.text", text, "A text."),
	FIELD(struct leaf, "leaf.n", n, "A number."),
};
static struct field_table leaf_table = FIELD_TABLE(struct leaf, "leaf", leaf_rows);
static const struct field leaf_self = FIELD_ELEM_SELF(&leaf_table);
static const struct field leaf_key = FIELD_ELEM(struct leaf, text);
static const struct field tree_rows[] = {
	FIELD(struct tree, "tree.name", name, "A name."),
	FIELD(struct tree, "tree.level", level, "A level."),
	FIELD_IN(struct tree, "tree.inner", inner, &leaf_table, "A leaf."),
	FIELD_MANY(struct tree, "tree.leaves", leaves, &leaf_self, "Leaves."),
	FIELD_KEYED(struct tree, "tree.by_name", by_name, &leaf_key, &leaf_self, "By name."),
};
static struct field_table tree_table = FIELD_TABLE(struct tree, "tree", tree_rows);

static char ap2[] = "ap2", ap10[] = "AP10", inner[] = "Inner";

static struct tree sample(void)
{
	static struct leaf leaves[2];
	struct tree t = {.name = ap2, .level = -40, .inner = {inner, 5}};

	leaves[0] = (struct leaf){ap2, 1};
	leaves[1] = (struct leaf){ap10, 2};
	t.leaves.items = t.by_name.items = leaves;
	t.leaves.count = t.by_name.count = 2;
	return t;
}

static void expect(const char *path, const char *alias, const char *text)
{
	struct tree t = sample();
	struct field_ctx ctx = {0};
	struct buf b = {0};
	struct field_selection *s = field_selection_create(&tree_table);

	assert_int_equal(field_selection_add(s, path, alias), 0);
	field_selection_write(&b, s, &t, FIELD_FORMAT_JSON, &ctx);
	assert_string_equal(buf_text(&b), text);
	buf_finish(&b);
	field_selection_destroy(s);
}

static void a_path_finds_what_it_names(void **state)
{
	(void) state;
	expect("tree.level", NULL, "{\"tree.level\":-40}");
	expect("tree.level", "level", "{\"level\":-40}");
	expect("/tree.inner//leaf.n", NULL, "{\"leaf.n\":5}");
	expect("tree.inner/leaf.none", NULL, "{\"leaf.none\":0}");
	expect("none/leaf.n", "x", "{\"x\":0}");
	expect("tree.level/leaf.n", NULL, "{\"leaf.n\":0}");
}

static void a_path_through_a_list_finds_every_element_or_the_one_named(void **state)
{
	(void) state;
	expect("tree.leaves/leaf.n", NULL, "{\"leaf.n\":[1,2]}");
	expect("tree.by_name/leaf.n", NULL, "{\"leaf.n\":[1,2]}");
	expect("tree.by_name/AP10/leaf.n", NULL, "{\"leaf.n\":2}");
	expect("tree.leaves/0/leaf.n", NULL, "{\"leaf.n\":1}");
	expect("tree.leaves/7/leaf.n", NULL, "{\"leaf.n\":0}");
}

static void of_two_with_one_name_the_later_wins(void **state)
{
	struct field_selection *s = field_selection_create(&tree_table);
	struct tree t = sample();
	struct field_ctx ctx = {0};
	struct buf b = {0};

	(void) state;
	assert_int_equal(field_selection_add(s, "tree.level", "a"), 0);
	assert_int_equal(field_selection_add(s, "tree.name", "b"), 0);
	assert_int_equal(field_selection_add(s, "tree.name", "a"), 0);
	field_selection_write(&b, s, &t, FIELD_FORMAT_FLAT, &ctx);
	assert_string_equal(buf_text(&b), "{\"b\":\"ap2\",\"a\":\"ap2\"}");
	assert_int_equal(field_selection_add(s, "", NULL), ERR_MALFORMED);
	assert_int_equal(field_selection_add(s, "/", NULL), ERR_MALFORMED);
	for (int i = 2; i < FIELD_SELECT_MAX; i++) {
		char alias[16];

		(void) snprintf(alias, sizeof(alias), "x%d", i);
		assert_int_equal(field_selection_add(s, "tree.name", alias), 0);
	}
	assert_int_equal(field_selection_add(s, "tree.name", "over"), ERR_LIMIT);
	buf_finish(&b);
	field_selection_destroy(s);
}

static void too_long_and_too_deep_is_refused(void **state)
{
	static char text[FIELD_PATH_BYTES + 8];
	struct field_path p;

	(void) state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(field_path_compile(&tree_table, text, sizeof(text), &p), ERR_LIMIT);
}

static bool matches(const char *path, const char *regex)
{
	struct field_filter *f = field_filter_create(&tree_table);
	struct tree t = sample();
	struct field_ctx ctx = {0};
	char error[FIELD_ERROR_SIZE];
	bool r;

	assert_int_equal(field_filter_add(f, path, regex, error), 0);
	r = field_filter_match(f, &t, &ctx);
	field_filter_destroy(f);
	return r;
}

static void an_expression_matches_text_in_any_element(void **state)
{
	(void) state;
	assert_true(matches("tree.name", "^ap[0-9]$"));
	assert_false(matches("tree.name", "^AP"));
	assert_true(matches("tree.leaves/leaf.text", "^AP1"));
	assert_false(matches("tree.level", "40"));
	assert_false(matches("none", ""));
}

static void a_bad_expression_says_why(void **state)
{
	struct field_filter *f = field_filter_create(&tree_table);
	struct field_ctx ctx = {0};
	struct tree t = sample();
	char error[FIELD_ERROR_SIZE] = "";

	(void) state;
	assert_true(field_filter_match(f, &t, &ctx));
	assert_int_equal(field_filter_add(f, "tree.name", "(", error), ERR_MALFORMED);
	assert_non_null(strstr(error, "Invalid regex"));
	for (int i = 0; i < 32; i++)
		assert_int_equal(field_filter_add(f, "tree.name", "x", error), 0);
	assert_int_equal(field_filter_add(f, "tree.name", "x", error), ERR_LIMIT);
	field_filter_destroy(f);
}

static void search_finds_words_of_any_case_and_numbers(void **state)
{
	struct field_selection *s = field_selection_create(&tree_table);
	struct tree t = sample();
	struct field_ctx ctx = {0};

	(void) state;
	assert_int_equal(field_selection_add(s, "tree.level", NULL), 0);
	assert_int_equal(field_selection_add(s, "tree.inner/leaf.text", NULL), 0);
	assert_true(field_search(s, "", &t, &ctx));
	assert_true(field_search(s, "NNER", &t, &ctx));
	assert_true(field_search(s, "-40", &t, &ctx));
	assert_false(field_search(s, "ap2", &t, &ctx));
	field_selection_destroy(s);
}

static struct field_sort_key key_of(const char *path, const struct tree *t)
{
	struct field_ctx ctx = {0};
	struct field_sort_key k;
	struct field_path p;

	assert_int_equal(field_path_compile(&tree_table, path, strlen(path), &p), 0);
	field_sort_take(&p, t, &ctx, &k);
	return k;
}

static void texts_sort_as_people_count(void **state)
{
	struct tree a = sample(), b = sample();
	struct field_sort_key ka, kb;

	(void) state;
	b.name = ap10;
	b.level = -30;
	ka = key_of("tree.name", &a);
	kb = key_of("tree.name", &b);
	assert_true(field_sort_compare(&ka, &kb) < 0);
	assert_true(field_sort_compare(&kb, &ka) > 0);
	assert_int_equal(field_sort_compare(&ka, &ka), 0);
	ka = key_of("tree.level", &a);
	kb = key_of("tree.level", &b);
	assert_true(field_sort_compare(&ka, &kb) < 0);
	ka = key_of("none", &a);
	assert_true(field_sort_compare(&ka, &kb) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_finds_what_it_names),
		cmocka_unit_test(a_path_through_a_list_finds_every_element_or_the_one_named),
		cmocka_unit_test(of_two_with_one_name_the_later_wins),
		cmocka_unit_test(too_long_and_too_deep_is_refused),
		cmocka_unit_test(an_expression_matches_text_in_any_element),
		cmocka_unit_test(a_bad_expression_says_why),
		cmocka_unit_test(search_finds_words_of_any_case_and_numbers),
		cmocka_unit_test(texts_sort_as_people_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
