/* Rules of log filters: lines of text make a filter of packets, which is then asked, copied and emptied. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "store/log/log_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_filter *f = log_filter_create("id", "text", true);
	struct packet_summary s = {.sender = {{0, 0x0c}}, .destination = {{0xff}}, .bssid = {{0, 0x0d}}};
	char *text = xalloc(size + 1), *rest = text, *line, error[160];
	struct log_filter_rule rules[64];
	struct log_filter_record r;
	struct arena arena = {0};
	uint32_t n = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL && n < ARRAY_SIZE(rules))
		n += log_filter_parse(line, true, &rules[n], error) >= 0;
	(void) log_filter_set(f, rules, n);
	(void) log_filter_keeps_packet(f, &s);
	log_filter_copy(f, &arena, &r);
	(void) log_filter_remove(f, rules, n / 2);
	(void) log_filter_keeps_packet(f, &s);
	if (log_filter_remove(f, rules, n) && !log_filter_keeps_packet(f, &s))
		abort(); /* without rules all is kept */
	log_filter_destroy(f);
	arena_finish(&arena);
	free(text);
	return 0;
}
