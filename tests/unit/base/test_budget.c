#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* in this order */
#include <cmocka.h>

#include "base/budget.h"

static void test_threads_without_one_are_never_over(void **state)
{
	(void) state;
	assert_false(budget_over());
}

/* Works until it is over: it ends, or the test does not. */
static void work(void)
{
	while (!budget_over())
		;
}

static void test_processor_time_is_spent(void **state)
{
	struct budget b = {.left_ns = 20000000};

	(void) state;
	budget_enter(&b);
	assert_false(budget_over());
	work();
	budget_leave();
	assert_true(b.spent);
	assert_false(b.abandoned);
	assert_int_equal(b.left_ns, 0);
	assert_false(budget_over()); /* the thread has none any more */
}

static void test_what_is_left_is_kept(void **state)
{
	struct budget b = {.left_ns = UINT64_C(3600000000000)};

	(void) state;
	for (int i = 0; i < 1000; i++) {
		budget_enter(&b);
		for (int k = 0; k < 1000; k++)
			assert_false(budget_over());
		budget_leave();
	}
	assert_true(b.left_ns < UINT64_C(3600000000000)); /* each stay was taken off */
	assert_true(b.left_ns > UINT64_C(3000000000000));
	b.left_ns = 0;
	budget_enter(&b);
	assert_true(budget_over());
	assert_true(budget_over());
	budget_leave();
}

static bool after_three(const void *x)
{
	int *asked = (int *) (uintptr_t) x;

	return ++*asked == 3;
}

static void test_work_in_vain_ends(void **state)
{
	int asked = 0;
	struct budget b = {.left_ns = UINT64_C(3600000000000), .vain = after_three, .x = &asked};

	(void) state;
	budget_enter(&b);
	work();
	assert_true(budget_over());
	budget_leave();
	assert_true(b.abandoned);
	assert_false(b.spent);
	assert_int_equal(asked, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_without_one_are_never_over),
		cmocka_unit_test(test_processor_time_is_spent),
		cmocka_unit_test(test_what_is_left_is_kept),
		cmocka_unit_test(test_work_in_vain_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
