/* Private to capture: what a capture program says, and what follows from it. */
#pragma once

struct proto_message;

/* A message of the program that feeds this struct live. The loop. */
void live_message(void *live, const struct proto_message *m);
