#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/mem.h"
#include "field/copy.h"
#include "field/list.h"
#include "field/write.h"

struct leaf {
	char *text;
	uint32_t n;
};
struct tree {
	struct mac mac;
	uint8_t state;
	double real;
	struct ssid ssid;
	char *name, *none;
	struct octets bytes;
	LIST(struct leaf) leaves;
	struct leaf first;
	LIST(struct leaf) by_name;
	struct leaf *own;
};

static const struct field leaf_rows[] = {
	FIELD(struct leaf, "leaf.text", text, "A text."),
	FIELD(struct leaf, "leaf.n", n, "A number."),
};
static struct field_table leaf_table = FIELD_TABLE(struct leaf, "leaf", leaf_rows);
static const struct field leaf_self = FIELD_ELEM_SELF(&leaf_table);
static const struct field leaf_key = FIELD_ELEM(struct leaf, text);
static const struct field leaf_number = FIELD_ELEM(struct leaf, n);
static const char *const states[] = {"off", "on", NULL};

static uint64_t ask_now(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	return ctx->now_us;
}

static const struct field tree_rows[] = {
	FIELD(struct tree, "tree.mac", mac, "An address."),
	FIELD_TEXTS(struct tree, "tree.state", state, states, "A state."),
	FIELD(struct tree, "tree.real", real, "A real number."),
	FIELD(struct tree, "tree.ssid", ssid, "A network."),
	FIELD(struct tree, "tree.name", name, "A name."),
	FIELD(struct tree, "tree.none", none, "No name."),
	FIELD(struct tree, "tree.bytes", bytes, "Octets."),
	FIELD_MANY(struct tree, "tree.leaves", leaves, &leaf_self, "Leaves."),
	FIELD_KEYED(struct tree, "tree.by_name", by_name, &leaf_key, &leaf_number, "By name."),
	FIELD_OWN(struct tree, "tree.own", own, &leaf_table, "A leaf of its own."),
	FIELD_CALL_U64("tree.now", ask_now, "The time."),
};
static struct field_table tree_table = FIELD_TABLE(struct tree, "tree", tree_rows);

static void plant(struct tree *t)
{
	struct leaf *l;

	*t = (struct tree){.mac = {{1, 2, 3, 0xab, 0xcd, 0xef}}, .state = 1, .real = 0.5};
	t->ssid = (struct ssid){3, "a\"b"};
	t->name = xstrdup("n\n");
	t->bytes.p = xnew(uint8_t, 2);
	t->bytes.n = 2;
	t->bytes.p[1] = 0xfe;
	l = list_add((struct list *) &t->leaves, sizeof(*l), &t->first);
	*l = (struct leaf){xstrdup("x"), 7};
	l = list_add((struct list *) &t->by_name, sizeof(*l), NULL);
	*l = (struct leaf){xstrdup("k"), 8};
	t->own = xnew(struct leaf, 1);
	t->own->n = 9;
}

static const char whole[] = "{\"tree.mac\":\"01:02:03:AB:CD:EF\",\"tree.state\":\"on\",\"tree.real\":0.500000,"
			    "\"tree.ssid\":\"a\\\\\\\"b\",\"tree.name\":\"n\\n\",\"tree.bytes\":\"00FE\","
			    "\"tree.leaves\":[{\"leaf.text\":\"x\",\"leaf.n\":7}],\"tree.by_name\":{\"k\":8},"
			    "\"tree.own\":{\"leaf.n\":9},\"tree.now\":42}";

static void a_copy_outlives_its_original(void **state)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = 42, .arena = &arena};
	struct tree t, copy;
	struct buf b = {0};

	(void) state;
	plant(&t);
	assert_true(field_bytes(&tree_table, &t) > 20);
	field_copy(&tree_table, &copy, &t, &arena);
	assert_ptr_equal(copy.leaves.items, &copy.first);
	field_free(&tree_table, &t);
	field_write(&b, &tree_table, &copy, FIELD_FORMAT_JSON, &ctx);
	assert_string_equal(buf_text(&b), whole);
	buf_finish(&b);
	arena_finish(&arena);
}

static void lists_leave_their_inline_element(void **state)
{
	struct tree t = {.state = 0};

	(void) state;
	for (uint32_t i = 0; i < 100; i++) {
		struct leaf *l = list_add((struct list *) &t.leaves, sizeof(*l), &t.first);

		*l = (struct leaf){xstrdup("y"), i};
	}
	assert_int_equal(t.leaves.count, 100);
	assert_int_equal(t.leaves.items[0].n, 0);
	assert_int_equal(t.leaves.items[99].n, 99);
	field_free(&tree_table, &t);
	assert_int_equal(t.leaves.count, 0);
}

static void pretty_describes_each_member(void **state)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena};
	struct leaf l = {.text = NULL, .n = 3};
	struct buf b = {0};

	(void) state;
	field_write(&b, &leaf_table, &l, FIELD_FORMAT_PRETTY, &ctx);
	assert_string_equal(buf_text(&b), "{\r\n \"description.leaf.n\": \"uint32_t, A number.\","
					  "\r\n \"leaf.n\":3\r\n}");
	buf_clear(&b);
	field_write(&b, &leaf_table, &l, FIELD_FORMAT_FLAT, &ctx);
	assert_string_equal(buf_text(&b), "{\"leaf_n\":3}");
	buf_finish(&b);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_outlives_its_original),
		cmocka_unit_test(lists_leave_their_inline_element),
		cmocka_unit_test(pretty_describes_each_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
