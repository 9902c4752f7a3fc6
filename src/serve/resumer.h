/* Resumes suspended connections: streams that have something to send, and replies that are held back
 * after a wrong login. One thread, awake only while a connection waits. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;

struct resumer *resumer_start(void);
/* Resumes every connection and ends the thread; later ones are resumed at once. */
void resumer_stop(struct resumer *w);
void resumer_destroy(struct resumer *w);
/* Resumes the connection, which the caller has just suspended, when ready(ctx) is true (NULL: at the next check, at
 * most 50 ms away), when its peer has closed, or when the resumer stops. */
void resumer_wait_ready(struct resumer *w, struct MHD_Connection *c, bool (*ready)(void *ctx), void *ctx);
/* Resumes it at that monotonic microsecond. */
void resumer_wait_until(struct resumer *w, struct MHD_Connection *c, uint64_t at_us);
/* Removes a connection that ends. */
void resumer_remove(struct resumer *w, struct MHD_Connection *c);
