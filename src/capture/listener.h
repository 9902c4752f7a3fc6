/* The TCP port that remote sensors connect to. */
#pragma once
#include <stdint.h>

#include "capture/source.h"

struct registry;
struct listener;
/* Takes remote sensors on the address and port of the defaults. 0, or negative with a sentence. */
int capture_listen(struct registry *r, char ret_error[SOURCE_TEXT_SIZE]);
/* The port that sensors connect to; 0: none. */
uint16_t capture_port(const struct registry *r);
/* For capture itself. */
/* No sensor comes in any more. NULL is fine. Not on a loop. */
void listener_stop(struct listener *l);
