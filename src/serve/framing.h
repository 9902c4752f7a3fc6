/* The form of a request's head (RFC 9112), where the HTTP library is more lenient than is safe behind a proxy: what two
 * programs may read in two ways is refused. */
#pragma once
#include <microhttpd.h>

/* 0, or the status that refuses, with a sentence; the connection is to be closed then, for nobody knows where the next
 * request begins. As soon as the head is read. */
unsigned framing_refuse(struct MHD_Connection *c, const char *method, const char *url, const char *version,
			const char **ret_sentence);

/* The library's MHD_OPTION_UNESCAPE_CALLBACK: as its own, but %00 stays as it is, so that no text ends early. */
size_t framing_unescape(void *ctx, struct MHD_Connection *c, char *text);
