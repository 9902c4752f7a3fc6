/* A thread that waits for time, descriptors and work from other threads: libuv behind a few functions.
 * Work that is posted, timers and watches all run on the loop's own thread, one after the other, and
 * must not wait. Timers and watches belong to that thread: functions marked "loop thread" are called
 * there; others reach the loop by loop_post(). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct loop;
typedef void (*loop_fn)(void *ctx);

/* Starts the thread; its name has at most 15 octets. 0, or -errno. */
int loop_start(const char *name, struct loop **ret_loop);
/* Runs what was posted before, closes the timers and watches that are left (their functions are not
 * called again), ends the thread and frees the loop. Not on the loop's thread. NULL is fine. */
void loop_stop(struct loop *l);
/* Has fn(ctx) run on the loop's thread, in the order of posting. False once loop_stop() has begun; then
 * fn never runs and ctx stays the caller's. Any thread; never waits for the loop. */
bool loop_post(struct loop *l, loop_fn fn, void *ctx);
/* As loop_post(), and waits until fn has run; on the loop's thread it runs at once. */
bool loop_call(struct loop *l, loop_fn fn, void *ctx);
/* True on the loop's thread. */
bool loop_here(const struct loop *l);

struct loop_timer;
/* Calls fn(ctx) after so many milliseconds, then every `every_ms`; 0: once. Loop thread. */
struct loop_timer *loop_timer_add(struct loop *l, uint64_t after_ms, uint64_t every_ms, loop_fn fn, void *ctx);
/* Starts it anew. Loop thread. */
void loop_timer_set(struct loop_timer *t, uint64_t after_ms, uint64_t every_ms);
/* It is not called again; also from within its own function. Loop thread. NULL is fine. */
void loop_timer_remove(struct loop_timer *t);

enum loop_event { LOOP_READABLE = 1, LOOP_WRITABLE = 2, LOOP_HANGUP = 4 };
/* events: what happened; negative: -errno, and the watch is silent from then on. */
typedef void (*loop_watch_fn)(void *ctx, int events);
struct loop_watch;
/* Watches a socket or pipe, which is made non-blocking and stays the caller's: it is closed after
 * loop_watch_remove(). NULL when the descriptor cannot be watched (a plain file). Loop thread. */
struct loop_watch *loop_watch_add(struct loop *l, int fd, int events, loop_watch_fn fn, void *ctx);
/* Which events are waited for; 0: none. Loop thread. */
void loop_watch_set(struct loop_watch *w, int events);
void loop_watch_remove(struct loop_watch *w); /* as loop_timer_remove() */
