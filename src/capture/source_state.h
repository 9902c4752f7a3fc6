/* Private to capture: what becomes of a source: it fails, recovers, is warned about, and its packets are counted. */
#pragma once
#include <stdint.h>

struct source;

/* Sets the state to an error, and when it is tried again: in so many seconds; 0: not. Under the lock. */
uint32_t source_fail(struct source *s, const char *reason);
/* One that had failed delivers again: reports it, once. Its thread; not under the lock. */
void source_recovered(struct source *s);
/* Shows and logs a warning. Its thread; not under the lock. */
void source_warn(struct source *s, const char *text);
/* Counts a packet for the histories; its thread. */
void source_count(struct source *s, uint32_t sec, uint32_t octets);
/* Brings what was counted to the histories. Under the lock. */
void source_settle(struct source *s);
