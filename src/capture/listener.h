/* The TCP port that remote sensors connect to. */
#pragma once
#include <stdint.h>

struct registry;
struct listener;
/* No sensor comes in any more. NULL is fine. Not on a loop. */
void listener_stop(struct listener *l);
