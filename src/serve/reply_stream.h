/* Private to serve: replies that are made while they are sent. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

struct request;

/* Makes the reply's beginning, and all of a small one, within the request's budget. On the thread that runs the
 * handler. */
void reply_make(struct request *rq);
/* A response of a reply that is made while it is sent; takes its source. */
struct MHD_Response *reply_respond_stream(struct request *rq, bool gzip);
