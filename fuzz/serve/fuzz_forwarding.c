/* Any text as what proxies and browsers say of a request: the first octet says how it is split into headers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "serve/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct string_list hosts = STRING_LIST("a.example");
	const struct guard_conf conf = {
		.loopback = true, .hostname = "pi", .allowed_hosts = &hosts, .allowed_origin = "https://b.example"};
	cleanup_free char *text = xalloc(size + 1);
	char said[GUARD_SENTENCE_SIZE];
	const char *parts[9] = {0};
	struct proxies trusted = {0};
	struct guard_facts facts;
	struct forwarding f;
	struct forwarded_as forwarded_as;
	char *p = text;

	memcpy(text, data, size);
	for (size_t i = 0; i < 9 && p; i++)
		parts[i] = strsep(&p, "\n");
	(void) proxies_add(&trusted, "10.0.0.0/8");
	(void) proxies_add(&trusted, parts[0]);
	f = (struct forwarding){parts[1], parts[2], parts[3], parts[4], parts[5]};
	forwarding_read(&f, &trusted, &forwarded_as);
	if (strlen(forwarded_as.client) >= sizeof(forwarded_as.client) || strpbrk(forwarded_as.client, "\r\n\"<> "))
		abort();
	facts = (struct guard_facts){.host = parts[6],
				     .origin = parts[7],
				     .referer = parts[8],
				     .peer = "192.0.2.1",
				     .forwarded_as = size % 2 ? &forwarded_as : NULL,
				     .trusted = size % 2,
				     .proxy_header = parts[1]};
	(void) guard_page(&conf, &facts, said);
	if (guard_host(&conf, &facts, said) && !facts.trusted && parts[6] && strstr(parts[6], "evil"))
		abort();
	return 0;
}
