/* Frames between the thread that captures and the one that sends, in a ring of fixed size that also
 * bridges a short loss of the connection. What finds no room is the caller's to count. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct ring;
struct ring *ring_create(size_t size);
void ring_destroy(struct ring *r);
/* False when there is no room. Any thread; the caller keeps the order with a lock of its own. */
bool ring_put(struct ring *r, const void *p, size_t n, bool packet);
/* How many packets wait, as they were marked. */
unsigned ring_packets(struct ring *r);
/* Appends whole frames to out, as long as it holds less than `most`; how many. */
unsigned ring_take(struct ring *r, struct buf *out, size_t most);
bool ring_empty(struct ring *r);
/* Drops all packets; how many there were. */
unsigned ring_clear(struct ring *r);
