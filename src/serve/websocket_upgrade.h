/* Private to serve: a request becomes a websocket. */
#pragma once
#include <microhttpd.h>

struct request;

/* 0 when the request asks for a websocket as RFC 6455 4.2.1 wants, else the status that refuses, with
 * rq->sentence. */
unsigned websocket_refuse(struct request *rq);
/* The response that hands the connection over; takes the reply's kind and ctx. NULL: none. */
struct MHD_Response *websocket_respond(struct request *rq);
