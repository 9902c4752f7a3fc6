/* Resumes suspended connections: streams that have something to send, and replies that are held back
 * after a wrong login. One thread, awake only while somebody waits. */
#pragma once
#include "serve/request.h"

struct resumer *resumer_start(void);
/* Resumes everybody and ends the thread; who waits afterwards is resumed at once. */
void resumer_stop(struct resumer *w);
void resumer_destroy(struct resumer *w);
/* Wakes the connection, which the caller has just suspended, when ready(ctx) is true (NULL: at the
 * next look, at most 50 ms away), when its peer is gone, or when the waker stops. */
void resumer_wait_ready(struct resumer *w, struct MHD_Connection *c, bool (*ready)(void *ctx), void *ctx);
/* Wakes it at that monotonic microsecond. */
void resumer_wait_until(struct resumer *w, struct MHD_Connection *c, uint64_t at_us);
/* Forgets a connection that ends. */
void resumer_remove(struct resumer *w, struct MHD_Connection *c);
