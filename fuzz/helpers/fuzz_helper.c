/* What a server sends to a helper over a websocket, and channels as anybody may write them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "websocket.h"
#include "wifi_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf raw = {0}, in = {0}, answers = {0}, wrapped = {0};
	struct wifi_channel c;
	char text[WIFI_CHANNEL_SIZE] = "";

	buf_add(&raw, data, size);
	if (websocket_unwrap(&raw, &in, &answers) >= 0)
		websocket_wrap(&in, &wrapped);
	memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
	if (wifi_channel_parse(text, &c) >= 0 && (c.mhz < 2000 || c.mhz > 10000))
		abort();
	buf_finish(&raw);
	buf_finish(&in);
	buf_finish(&answers);
	buf_finish(&wrapped);
	return 0;
}
