/* All websockets of a server, for serve's own files. */
#pragma once
#include "serve/request.h"
#include "serve/websocket.h"

struct websockets;
/* Aborts when there is no room for a thread. */
struct websockets *websockets_start(void);
/* Closes all and waits until they have ended, at most a second; later ones are closed at once. */
void websockets_stop(struct websockets *w);
void websockets_destroy(struct websockets *w); /* after the daemons have stopped */
/* How many are open. Any thread. */
uint32_t websockets_open(const struct websockets *w);
/* 0 when the request asks for a websocket as RFC 6455 4.2.1 wants, else the status that refuses, with
 * rq->sentence. */
unsigned websocket_refuse(struct request *rq);
/* The response that hands the connection over; takes the reply's kind and ctx. NULL: none. */
struct MHD_Response *websocket_respond(struct request *rq);
