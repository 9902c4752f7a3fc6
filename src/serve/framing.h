/* The form of a request's head (RFC 9112), where the HTTP library is more lenient than is safe behind a proxy: what two
 * programs may read in two ways is refused. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

#define FRAMING_HOST_SIZE 264

/* What is known of the target before the library reads on. */
struct framing_target {
	const char *end;              /* of its octets as they came; NULL: there was none */
	bool odd;                     /* with white space or control characters in it */
	bool absolute;                /* it named its server, which is cut off it */
	char host[FRAMING_HOST_SIZE]; /* of `absolute` */
};

/* The target as it came. */
void framing_note_target(struct framing_target *ret, const char *target);
/* Leaves of "http://host/path" (RFC 9112, 3.2.2), which has no query any more, the path. */
void framing_cut_target(struct framing_target *f, char *target);

/* 0, or the status that refuses, with a sentence; the connection must be closed then, as it is unknown where the next
 * request begins. As soon as the head is read. */
unsigned framing_refuse(struct MHD_Connection *c, const struct framing_target *target, const char *method,
			const char *url, const char *version, const char **ret_sentence);

/* The library's MHD_OPTION_UNESCAPE_CALLBACK: as its own, but %00 stays as it is, so that no text ends early. */
size_t framing_unescape(void *ctx, struct MHD_Connection *c, char *text);
