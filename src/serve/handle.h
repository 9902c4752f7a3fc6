/* Private to serve: the work of a request between its last octet and its reply. */
#pragma once
#include <stdbool.h>

struct request;

/* Does all of it on this thread, and leaves the reply. */
void handle_here(struct request *rq);
/* Suspends a request whose handler may take long, or whose password must be hashed, and has a work thread do it; false
 * when it is one for this thread. */
bool handle_elsewhere(struct request *rq);
