/* Private to serve: the way of a request, from its first octet to the reply, as libmicrohttpd calls for it. */
#pragma once
#include <microhttpd.h>

/* The request begins to come: its target is there, and its head is not. What the library keeps as the request's state.
 */
void *exchange_target(void *serve, const char *target, struct MHD_Connection *c);
/* Its head, then pieces of its body, then its end. */
enum MHD_Result exchange_step(void *serve, struct MHD_Connection *c, const char *url, const char *method,
			      const char *version, const char *data, size_t *n, void **state);
/* It is over, however that came. */
void exchange_done(void *serve, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code);
