/* Private to capture: files wait for their turn. */
#pragma once

struct registry;

/* Starts files that wait for their turn. Under the lock. */
void registry_start_pending(struct registry *r);
