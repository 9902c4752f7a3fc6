/* The conversation with the server, over pipes or with another machine. */
#pragma once
#include "state.h"

void helper_wake(struct helper *h);
/* Talks until the connection ends (talk.c): 0 when the server or we ended, negative when it broke.
 */
int talk(struct helper *h);
/* Connects to the server of the arguments; negative with a sentence on stderr. */
int talk_connect(struct helper *h);
