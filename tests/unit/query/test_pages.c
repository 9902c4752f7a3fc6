/* Orders, cursors, groups and completion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "query/complete.h"
#include "query/cursor.h"
#include "query/group.h"

struct thing {
	uint32_t n, sec;
	char kind[8];
};
static const struct field rows[] = {
	FIELD(struct thing, "thing.n", n, "."),
	FIELD(struct thing, "thing.sec", sec, "."),
	FIELD(struct thing, "thing.kind", kind, "."),
};
static struct field_table table = FIELD_TABLE(struct thing, "thing of pages", rows);
static const struct query_word kinds[] = {{"one", 1}, {NULL, 0}};
static const struct query_name names[] = {
	{.name = "n", .kind = QUERY_NUMBER, .paths = {"thing.n"}, .words = kinds},
	{.name = "sec", .kind = QUERY_TIME, .paths = {"thing.sec"}},
	{.name = "kind", .kind = QUERY_TEXT, .paths = {"thing.kind"}, .bare = true},
	{.name = NULL},
};
static const struct query_record record = {
	.name = "things", .table = &table, .names = {names}, .time = "sec", .sums = {"n"}};

/* A number sorts by its digits turned, so that the order is none of the ids'. */
static struct query_candidate candidate(uint32_t i)
{
	return (struct query_candidate){.sort = {.kind = 1, .number = i * 7919 % 101 / 2}, .id = {i}, .handle = {i}};
}

/* Walks all pages of that length; each of 100 comes once, in order. */
static void walk(uint64_t most, bool descending)
{
	struct query_candidate last, c;
	bool seen[100] = {false}, any = false;
	double before = 0;
	size_t n = 0, of_page = 1;

	while (of_page > 0) {
		struct query_best b = {.most = most, .descending = descending, .after = any ? &last : NULL};

		for (uint32_t i = 0; i < 100; i++) {
			c = candidate(i);
			query_best_add(&b, &c);
		}
		query_best_sort(&b);
		assert_int_equal(b.matched, 100);
		assert_int_equal(b.left, 100 - n);
		for (uint64_t i = 0; i < b.n; i++) {
			double v = b.items[i].sort.number;

			assert_false(seen[b.items[i].handle[0]]);
			assert_true(n == 0 || (descending ? v <= before : v >= before));
			seen[b.items[i].handle[0]] = true;
			before = v;
			n++;
			last = b.items[i];
		}
		any = true;
		of_page = b.n;
		free(b.items);
	}
	assert_int_equal(n, 100);
}

static void pages_have_each_record_once(void **state)
{
	(void) state;
	walk(1, false);
	walk(7, false);
	walk(7, true);
	walk(100, true);
	walk(5000, false);
	walk(0, true);
}

static void cursors_come_back(void **state)
{
	struct query_candidate c[] = {{.sort = {.kind = 1, .number = -40.5}, .id = {1, 2}},
				      {.sort = {.kind = 3, .n = 4, .text = "corp"}, .id = {UINT64_MAX, 0}},
				      {.sort = {.kind = 0}, .id = {3, 4}}};
	uint64_t hash = query_cursor_hash("things", "n:1", 3, "-n");
	struct query_candidate back;

	(void) state;
	assert_true(hash != query_cursor_hash("things", "n:1", 3, "n"));
	assert_true(hash != query_cursor_hash("thing", "sn:1", 4, "-n"));
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		struct buf b = {0};

		query_cursor_write(&b, hash, &c[i]);
		assert_int_equal(query_cursor_read(buf_text(&b), hash, &back), 0);
		assert_memory_equal(&back, &c[i], sizeof(back));
		assert_int_equal(query_cursor_read(buf_text(&b), hash + 1, &back), ERR_DENIED);
		for (size_t cut = 1; cut < b.len; cut++) {
			char *text = xstrndup(buf_text(&b), cut);

			assert_int_equal(query_cursor_read(text, hash, &back), ERR_MALFORMED);
			free(text);
		}
		buf_finish(&b);
	}
	assert_int_equal(query_cursor_read("", hash, &back), ERR_MALFORMED);
	assert_int_equal(query_cursor_read("zz", hash, &back), ERR_MALFORMED);
}

static void add(struct query_groups *g, uint32_t n, uint32_t sec, const char *kind, uint64_t device)
{
	struct thing t = {.n = n, .sec = sec};
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena};
	struct query_member m;

	(void) snprintf(t.kind, sizeof(t.kind), "%s", kind);
	query_groups_take(g, &t, &ctx, &m);
	m.device = device;
	query_groups_add(g, &m);
	arena_finish(&arena);
}

static void groups_count(void **state)
{
	struct query_groups *g = query_groups_create(&record, "thing.kind", 60);
	const struct query_group *found;
	size_t n;

	(void) state;
	add(g, 1, 120, "a", 7);
	add(g, 2, 179, "a", 7);
	add(g, 3, 150, "b", 7);
	add(g, 4, 60, "a", 8);
	add(g, 5, 0, "a", 9); /* its time is not known */
	found = query_groups_sorted(g, &n);
	assert_int_equal(n, 3);
	assert_true(found[0].from == 60 && found[0].count == 1 && found[0].devices == 1);
	assert_true(found[1].from == 120 && found[1].count == 2 && found[1].devices == 1 && found[1].sum[0].sum == 3);
	assert_string_equal(found[2].value, "b");
	query_groups_destroy(g);
}

static void groups_are_limited(void **state)
{
	struct query_groups *g = query_groups_create(&record, "thing.n", 0);
	uint64_t most = limit_of(LIMIT_QUERY_GROUPS);
	size_t n;

	(void) state;
	for (uint32_t i = 0; i < most + 5; i++)
		add(g, i, 1, "", 1 + i % 3);
	add(g, 3, 1, "", 1);
	assert_int_equal(query_groups_left_out(g), 5);
	(void) query_groups_sorted(g, &n);
	assert_int_equal(n, most);
	query_groups_destroy(g);
}

static const struct {
	const char *text;
	uint8_t want;
	size_t from;
	const char *name;
	bool behind;
} positions[] = {
	{"", WANT_TERM, 0, NULL, false},
	{"ki", WANT_TERM, 0, NULL, false},
	{"kind:", WANT_VALUE, 5, "kind", false},
	{"kind:ab", WANT_VALUE, 5, "kind", false},
	{"kind:\"ab", WANT_VALUE, 5, "kind", false},
	{"kind:ab ", WANT_OP, 8, NULL, true},
	{"kind:ab an", WANT_TERM, 8, NULL, true},
	{"kind:(ab,c", WANT_VALUE, 9, "kind", false},
	{"kind:(ab,c) ", WANT_OP, 12, NULL, true},
	{"(n:5 or se", WANT_TERM, 8, NULL, false},
	{"not ", WANT_TERM, 4, NULL, false},
	{"n >= ", WANT_VALUE, 5, "n", false},
	{"none:x", WANT_VALUE, 5, NULL, false},
	{"\x01", WANT_TERM, 1, NULL, false},
};

static void positions_say_what_may_stand_there(void **state)
{
	struct query_position p;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(positions); i++) {
		query_position_find(&record, positions[i].text, strlen(positions[i].text), &p);
		if (p.want != positions[i].want || p.from != positions[i].from || p.behind != positions[i].behind ||
		    (p.name ? strcmp(p.name->name, positions[i].name ? positions[i].name : "") != 0
			    : positions[i].name != NULL))
			fail_msg("'%s': want %d from %zu of %s behind %d", positions[i].text, (int) p.want, p.from,
				 p.name ? p.name->name : "-", p.behind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_have_each_record_once),
		cmocka_unit_test(cursors_come_back),
		cmocka_unit_test(groups_count),
		cmocka_unit_test(groups_are_limited),
		cmocka_unit_test(positions_say_what_may_stand_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
