/* The worker loop: order of work, timers, watches, and a stop that leaves nothing behind. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/loop.h"

#define POSTERS 4
#define POSTS 2000

struct test {
	struct loop *loop;
	struct loop_timer *timer;
	struct loop_watch *watch;
	int order[8], n;
	_Atomic int ran, fired;
	int fd[2];
	int seen;
	bool here;
};

static void note(struct test *t, int what)
{
	if (t->n < 8)
		t->order[t->n++] = what;
}

static void first(void *ctx)
{
	struct test *t = ctx;

	t->here = loop_here(t->loop);
	note(t, 1);
}

static void second(void *ctx)
{
	note(ctx, 2);
}

static void third(void *ctx)
{
	note(ctx, 3);
}

static void count(void *ctx)
{
	atomic_fetch_add((_Atomic int *) ctx, 1);
}

static void nothing(void *ctx)
{
	(void) ctx;
}

static void test_work_runs_in_order_on_the_loop(void **state)
{
	struct test t = {0};

	(void) state;
	assert_int_equal(loop_start("test", &t.loop), 0);
	assert_false(loop_here(t.loop));
	assert_true(loop_post(t.loop, first, &t));
	assert_true(loop_post(t.loop, second, &t));
	assert_true(loop_call(t.loop, third, &t));
	assert_int_equal(t.n, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(t.order[i], i + 1);
	assert_true(t.here);
	loop_stop(t.loop);
	loop_stop(NULL);
}

static void *poster(void *ctx)
{
	struct test *t = ctx;

	for (int i = 0; i < POSTS; i++)
		(void) loop_post(t->loop, count, &t->ran);
	return NULL;
}

static void test_stop_runs_what_was_posted_by_all(void **state)
{
	struct test t = {0};
	pthread_t threads[POSTERS];

	(void) state;
	assert_int_equal(loop_start("test", &t.loop), 0);
	for (int i = 0; i < POSTERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, poster, &t), 0);
	for (int i = 0; i < POSTERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	loop_stop(t.loop);
	assert_int_equal(t.ran, POSTERS * POSTS);
}

struct late {
	struct loop *loop;
	_Atomic int began;
	bool posted;
	_Atomic int ran;
};

static void post_late(void *ctx)
{
	struct late *late = ctx;

	atomic_store(&late->began, 1);
	do { /* until loop_stop() has begun */
		late->posted = loop_post(late->loop, nothing, NULL);
		(void) usleep(1000);
	} while (late->posted);
}

static void test_post_is_refused_once_stopping(void **state)
{
	struct late late = {0};

	(void) state;
	assert_int_equal(loop_start("test", &late.loop), 0);
	assert_true(loop_post(late.loop, post_late, &late));
	while (!atomic_load(&late.began))
		(void) usleep(1000);
	loop_stop(late.loop);
	assert_false(late.posted);
}

static void on_timer(void *ctx)
{
	struct test *t = ctx;

	if (atomic_fetch_add(&t->fired, 1) == 2)
		loop_timer_remove(t->timer); /* from within its function */
}

static void add_timer(void *ctx)
{
	struct test *t = ctx;

	t->timer = loop_timer_add(t->loop, 1, 1, on_timer, t);
}

static void add_idle_timer(void *ctx)
{
	struct test *t = ctx;

	(void) loop_timer_add(t->loop, 3600000, 0, count, &t->ran);
}

static void test_timer_repeats_until_removed(void **state)
{
	struct test t = {0};

	(void) state;
	assert_int_equal(loop_start("test", &t.loop), 0);
	assert_true(loop_call(t.loop, add_timer, &t));
	assert_true(loop_call(t.loop, add_idle_timer, &t));
	for (int i = 0; i < 5000 && atomic_load(&t.fired) < 3; i++)
		(void) usleep(1000);
	(void) usleep(20000);
	assert_int_equal(t.fired, 3);
	loop_stop(t.loop); /* closes the one of an hour, unfired */
	assert_int_equal(t.ran, 0);
}

static void on_watch(void *ctx, int events)
{
	struct test *t = ctx;
	char c;

	if (events & LOOP_READABLE && read(t->fd[0], &c, 1) == 1)
		t->seen = c;
	loop_watch_set(t->watch, 0);
	atomic_fetch_add(&t->fired, 1);
}

static void add_watch(void *ctx)
{
	struct test *t = ctx;

	t->watch = loop_watch_add(t->loop, t->fd[0], LOOP_READABLE, on_watch, t);
}

static void watch_again(void *ctx)
{
	struct test *t = ctx;

	loop_watch_set(t->watch, LOOP_READABLE | LOOP_HANGUP);
}

static void remove_watch(void *ctx)
{
	struct test *t = ctx;

	loop_watch_remove(t->watch);
}

static void wait_fired(struct test *t, int n)
{
	for (int i = 0; i < 5000 && atomic_load(&t->fired) < n; i++)
		(void) usleep(1000);
	assert_int_equal(t->fired, n);
}

static void test_watch_reports_a_socket(void **state)
{
	struct test t = {0};

	(void) state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, t.fd), 0);
	assert_int_equal(loop_start("test", &t.loop), 0);
	assert_true(loop_call(t.loop, add_watch, &t));
	assert_non_null(t.watch);
	assert_int_equal(write(t.fd[1], "ab", 2), 2);
	wait_fired(&t, 1);
	assert_int_equal(t.seen, 'a');
	(void) usleep(20000); /* 'b' waits, and no function is called */
	assert_int_equal(t.fired, 1);
	assert_true(loop_call(t.loop, watch_again, &t));
	wait_fired(&t, 2);
	assert_int_equal(t.seen, 'b');
	assert_true(loop_call(t.loop, remove_watch, &t));
	loop_stop(t.loop);
	(void) close(t.fd[0]);
	(void) close(t.fd[1]);
}

static void watch_file(void *ctx)
{
	struct test *t = ctx;

	t->watch = loop_watch_add(t->loop, t->fd[0], LOOP_READABLE, on_watch, t);
}

static void test_plain_file_is_not_watched(void **state)
{
	struct test t = {0};
	FILE *f = tmpfile();

	(void) state;
	assert_non_null(f);
	t.fd[0] = fileno(f);
	assert_int_equal(loop_start("test", &t.loop), 0);
	assert_true(loop_call(t.loop, watch_file, &t));
	assert_null(t.watch);
	loop_stop(t.loop);
	(void) fclose(f);
}

static int descriptors_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	(void) closedir(dir);
	return n;
}

#define LOOPS 20 /* as many as reuse each number often */

/* Nothing orders what this thread does before what the other does: a relaxed flag alone says when it has ended. */
static void *start_and_stop_loops(void *ctx)
{
	for (int i = 0; i < LOOPS; i++) {
		struct loop *loop;

		if (loop_start("brief", &loop) < 0)
			return ctx;
		(void) loop_call(loop, nothing, NULL);
		loop_stop(loop);
	}
	atomic_store_explicit((_Atomic int *) ctx, 1, memory_order_relaxed);
	return NULL;
}

/* The numbers of descriptors that loops had are free for other threads as soon as a loop has stopped, and a sanitizer
 * that follows descriptors finds no fault in it. */
static void test_descriptors_of_a_loop_end_with_it(void **state)
{
	int before = descriptors_open();
	_Atomic int ended = 0;
	pthread_t thread;
	void *fault;

	(void) state;
	assert_int_equal(pthread_create(&thread, NULL, start_and_stop_loops, &ended), 0);
	while (!atomic_load_explicit(&ended, memory_order_relaxed)) {
		DIR *dirs[8];

		for (int i = 0; i < 8; i++)
			dirs[i] = opendir("/");
		for (int i = 0; i < 8; i++)
			(void) closedir(dirs[i]);
	}
	assert_int_equal(pthread_join(thread, &fault), 0);
	assert_null(fault);
	assert_int_equal(descriptors_open(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_runs_in_order_on_the_loop),
		cmocka_unit_test(test_stop_runs_what_was_posted_by_all),
		cmocka_unit_test(test_post_is_refused_once_stopping),
		cmocka_unit_test(test_timer_repeats_until_removed),
		cmocka_unit_test(test_watch_reports_a_socket),
		cmocka_unit_test(test_plain_file_is_not_watched),
		cmocka_unit_test(test_descriptors_of_a_loop_end_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
