/* Events: who gets what, bounds, and what is freed when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "feed/events.h"
#include "feed/message.h"

#define BIT(x) (UINT64_C(1) << (x))
#define THREADS 4
#define EACH 3000

static int released, woken;

static void release(void *record)
{
	released++;
	free(record);
}

static void wake(void *ctx)
{
	woken++;
	*(int *) ctx += 1;
}

static void test_names(void **state)
{
	(void) state;
	assert_int_equal(event_find("MESSAGE", 7), EVENT_MESSAGE);
	assert_true(event_find("message", 7) < 0);
	assert_true(event_find("MESSAGES", 8) < 0);
	assert_true(EVENT_COUNT <= 64);
}

static void test_only_what_was_chosen(void **state)
{
	struct events *x = events_create();
	struct key key = {1, {{2}}};
	int wakes = 0;
	struct event_listener *l = events_listen(x, BIT(EVENT_NEW_DEVICE), wake, &wakes);
	const struct event *e;

	(void) state;
	assert_true(events_wanted(x, EVENT_NEW_DEVICE));
	assert_false(events_wanted(x, EVENT_MESSAGE));
	assert_false(events_wanted(NULL, EVENT_MESSAGE));
	events_publish_device(x, EVENT_NEW_DEVICE, &key, 7);
	events_publish_device(x, EVENT_PROBED_SSID, &key, 8);
	events_publish_device(x, EVENT_NEW_DEVICE, &key, 9);
	assert_int_equal(wakes, 1); /* the queue was empty once */
	e = events_take(l);
	assert_int_equal(e->network, 7);
	assert_int_equal(e->number, 1);
	assert_true(key_equal(&e->device, &key));
	event_release(e);
	e = events_take(l);
	assert_int_equal(e->network, 9);
	event_release(e);
	assert_null(events_take(l));
	events_choose(l, 0);
	assert_false(events_wanted(x, EVENT_NEW_DEVICE));
	events_unlisten(l);
	events_unlisten(NULL);
	events_destroy(x);
	events_destroy(NULL);
}

static void test_record_is_shared_and_freed_once(void **state)
{
	struct events *x = events_create();
	int wakes = 0;
	struct event_listener *a = events_listen(x, BIT(EVENT_ALERT), wake, &wakes);
	struct event_listener *b = events_listen(x, BIT(EVENT_ALERT), NULL, NULL);
	const struct event *e;

	(void) state;
	released = 0;
	events_publish_owned(x, EVENT_MESSAGE, NULL, malloc(1), release); /* without a listener */
	assert_int_equal(released, 1);
	events_publish_owned(x, EVENT_ALERT, NULL, malloc(1), release);
	e = events_take(a);
	assert_ptr_equal(e->record, ((const struct event *) e)->record);
	event_release(e);
	assert_int_equal(released, 1);
	events_unlisten(b); /* with the event in its queue */
	assert_int_equal(released, 2);
	events_unlisten(a);
	events_destroy(x);
}

static void test_slow_listener_loses_its_own(void **state)
{
	struct events *x = events_create();
	struct event_listener *slow = events_listen(x, BIT(EVENT_NEW_DEVICE), NULL, NULL);
	struct event_listener *quick = events_listen(x, BIT(EVENT_NEW_DEVICE), NULL, NULL);
	struct key key = {0};
	uint32_t n = 0;

	(void) state;
	limit_set(LIMIT_EVENTS, 100);
	for (uint32_t i = 0; i < 250; i++) {
		const struct event *e;

		events_publish_device(x, EVENT_NEW_DEVICE, &key, i);
		e = events_take(quick);
		assert_int_equal(e->network, i);
		event_release(e);
		if (i % 50 == 7) { /* so that the ring turns while it grows */
			e = events_take(slow);
			assert_int_equal(e->network, n++);
			event_release(e);
		}
	}
	assert_int_equal(events_lost(quick), 0);
	assert_true(events_lost(slow) > 100);
	for (const struct event *e; (e = events_take(slow)); event_release(e), n++)
		;
	assert_int_equal(n + events_lost(slow), 250);
	events_unlisten(slow);
	events_unlisten(quick);
	events_destroy(x);
}

static void *publisher(void *ctx)
{
	struct key key = {0};

	for (uint32_t i = 0; i < EACH; i++)
		events_publish_device(ctx, EVENT_NEW_DEVICE, &key, i);
	return NULL;
}

static void test_publishers_on_many_threads(void **state)
{
	struct events *x = events_create();
	struct event_listener *l = events_listen(x, BIT(EVENT_NEW_DEVICE), NULL, NULL);
	pthread_t threads[THREADS];
	uint64_t n = 0, last = 0;

	(void) state;
	limit_set(LIMIT_EVENTS, THREADS * EACH + 1);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, publisher, x), 0);
	while (n < THREADS * EACH) {
		const struct event *e = events_take(l);

		if (!e)
			continue;
		assert_true(e->number > last);
		last = e->number;
		n++;
		event_release(e);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(events_lost(l), 0);
	events_unlisten(l);
	events_destroy(x);
}

static void test_messages_are_events(void **state)
{
	struct events *x = events_create();
	struct message_bus *bus = message_bus_create();
	struct event_listener *l = events_listen(x, BIT(EVENT_MESSAGE), NULL, NULL);
	const struct event *e;

	(void) state;
	message_bus_events(bus, x);
	message_post(bus, MESSAGE_INFO, "hello");
	e = events_take(l);
	assert_non_null(e);
	assert_ptr_equal(e->table, &message_fields);
	assert_string_equal(((const struct message *) e->record)->text, "hello");
	event_release(e);
	events_unlisten(l);
	message_bus_destroy(bus);
	events_destroy(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_only_what_was_chosen),
		cmocka_unit_test(test_record_is_shared_and_freed_once),
		cmocka_unit_test(test_slow_listener_loses_its_own),
		cmocka_unit_test(test_publishers_on_many_threads),
		cmocka_unit_test(test_messages_are_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
