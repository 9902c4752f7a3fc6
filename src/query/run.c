#include "query/run.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/mem.h"
#include "query/compare.h"

#define MEMO_SLOTS 64 /* a power of two */
#define CHECKED 256   /* tests between two looks at the budget */

/* What a record is still to be asked, of each test up to .at: its result, or the texts of expressions. */
struct late_test {
	bool is_known, result;
	uint32_t n;
	struct field_text *texts;
};
struct late {
	uint32_t at;
	struct late_test *tests;
};

struct memo {
	struct query_memo key;
	uint8_t state; /* 0: unused, 1: false, 2: true */
};

struct query_run {
	const struct query_program *p;
	struct regex_space *space; /* NULL: it has no expressions */
	struct memo (*memos)[MEMO_SLOTS];
	struct late *late;
	uint32_t n_late, cap_late;
	uint32_t tests; /* since the budget was looked at */
	struct arena arena;
};

struct query_run *query_run_create(const struct query_program *p)
{
	struct query_run *r = xnew(struct query_run, 1);

	r->p = p;
	r->space = p->n_regexes ? regex_space_create() : NULL;
	r->memos = p->n_memos ? mem_alloc(p->n_memos, sizeof(*r->memos), __FILE__, __LINE__) : NULL;
	return r;
}

void query_run_destroy(struct query_run *r)
{
	if (!r)
		return;
	regex_space_free(r->space);
	arena_finish(&r->arena);
	free(r->memos);
	free(r->late);
	free(r);
}

static bool is_over(struct query_run *r)
{
	return ++r->tests % CHECKED == 0 && budget_over();
}

/* A test whose answer is the same for all records of one memo. */
static bool ask_memo(struct query_run *r, const struct query_test *t, const void *record, struct field_ctx *ctx)
{
	struct query_memo key = t->memo(record);
	uint64_t hash = key.a ^ key.a >> 17 ^ key.a >> 43 ^ key.b;
	struct memo *m = &r->memos[t->memo_slot][hash % MEMO_SLOTS];

	if (!m->state || m->key.a != key.a || m->key.b != key.b)
		*m = (struct memo){key, query_compare(t, record, ctx, r->space) ? 2 : 1};
	return m->state == 2;
}

static bool ask(struct query_run *r, const struct query_test *t, const void *record, struct field_ctx *ctx)
{
	return t->memo ? ask_memo(r, t, record, ctx) : query_compare(t, record, ctx, r->space);
}

bool query_matches(struct query_run *r, const void *record, struct field_ctx *ctx)
{
	uint32_t at = r->p->start;

	while (at < QUERY_NO) {
		const struct query_test *t = &r->p->tests[at];

		if (is_over(r))
			return false;
		at = ask(r, t, record, ctx) ? t->on_true : t->on_false;
	}
	return at == QUERY_YES;
}

struct texts {
	struct arena *arena;
	struct field_ctx *ctx;
	struct field_text *items;
	uint32_t n, cap;
};

static int keep_one(const struct field_value *v, void *arg)
{
	struct texts *t = arg;

	if (v->type != VALUE_TEXT && v->type != VALUE_OCTETS)
		return 0;
	if (t->n == t->cap) {
		uint32_t cap = t->cap ? t->cap * 2 : 4;
		struct field_text *items = arena_alloc(t->arena, cap * sizeof(*items));

		if (t->n)
			memcpy(items, t->items, t->n * sizeof(*items));
		t->items = items;
		t->cap = cap;
	}
	t->items[t->n++] = (struct field_text){arena_copy(t->arena, v->text ? v->text : "", v->n), v->n};
	return 0;
}

static int keep_text(const struct field_value *v, void *arg)
{
	return query_visit(v, ((struct texts *) arg)->ctx, keep_one, arg);
}

/* All that the tests from `at` on may ask of the record; they lead to lesser ones alone. */
static uint32_t keep_late(struct query_run *r, uint32_t at, const void *record, struct field_ctx *ctx)
{
	struct late_test *tests = arena_alloc(&r->arena, (at + 1) * sizeof(*tests));

	for (uint32_t i = 0; i <= at; i++) {
		const struct query_test *t = &r->p->tests[i];
		struct texts texts = {.arena = &r->arena, .ctx = ctx};

		tests[i] = (struct late_test){.is_known = !t->condition->dear || t->by_number};
		if (tests[i].is_known)
			tests[i].result = ask(r, t, record, ctx);
		else
			(void) field_path_each(t->path, record, ctx, keep_text, &texts);
		tests[i].texts = texts.items;
		tests[i].n = texts.n;
	}
	if (r->n_late == r->cap_late) {
		r->cap_late = r->cap_late ? r->cap_late * 2 : 64;
		xgrow(r->late, r->cap_late);
	}
	r->late[r->n_late] = (struct late){at, tests};
	return r->n_late++;
}

enum query_answer query_look(struct query_run *r, const void *record, struct field_ctx *ctx, uint32_t *ret_number)
{
	uint32_t at = r->p->start;

	while (at < QUERY_NO) {
		const struct query_test *t = &r->p->tests[at];

		if (is_over(r))
			return QUERY_MISS;
		if (t->condition->dear && !t->by_number) {
			*ret_number = keep_late(r, at, record, ctx);
			return QUERY_LATER;
		}
		at = ask(r, t, record, ctx) ? t->on_true : t->on_false;
	}
	return at == QUERY_YES ? QUERY_HIT : QUERY_MISS;
}

static bool compare_texts(const struct query_run *r, const struct query_test *t, const struct late_test *late)
{
	for (uint32_t i = 0; i < late->n; i++)
		if (query_compare_text(t->condition, late->texts[i].p, late->texts[i].n, r->space))
			return true;
	return false;
}

bool query_later(struct query_run *r, uint32_t number)
{
	const struct late *late = &r->late[number];
	uint32_t at = late->at;

	while (at < QUERY_NO) {
		const struct query_test *t = &r->p->tests[at];
		const struct late_test *l = &late->tests[at];

		if (is_over(r))
			return false;
		at = (l->is_known ? l->result : compare_texts(r, t, l)) ? t->on_true : t->on_false;
	}
	return at == QUERY_YES;
}

void query_later_reset(struct query_run *r)
{
	r->n_late = 0;
	arena_reset(&r->arena);
}
