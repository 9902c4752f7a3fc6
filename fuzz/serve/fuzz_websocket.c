/* Any octets as a client's websocket frames, in parts whose length the first octet says. */
#include <stdint.h>
#include <stdlib.h>

#include "serve/websocket_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct websocket_reader r = {.max = 4096};
	struct buf out = {0};
	size_t part;

	if (size == 0)
		return 0;
	part = 1 + data[0];
	for (size_t at = 1; at < size;) {
		size_t n = size - at < part ? size - at : part;
		struct websocket_event e;
		size_t used = websocket_read(&r, data + at, n, &e);

		if (used == 0 || used > n || e.n > r.max)
			abort();
		if (e.kind == WEBSOCKET_EVENT_MESSAGE)
			websocket_write(&out, WEBSOCKET_TEXT, e.p, e.n);
		else if (e.kind == WEBSOCKET_EVENT_FAULT && !websocket_code_may_be_sent(e.code))
			abort();
		at += used;
	}
	websocket_reader_finish(&r);
	buf_finish(&out);
	return 0;
}
