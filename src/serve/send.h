/* Private to serve: a reply on its way to the client, compressed for those that accept it. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

struct request;

#define GZIP_LEVEL 1
#define GZIP_WINDOW (15 + 16) /* the greatest window, with gzip's header */

/* Compresses it, if it is whole and the client wants that. */
void reply_zip(struct request *rq);
/* Sends it. */
enum MHD_Result reply_send(struct request *rq);
/* Headers that every reply carries. */
void reply_common_headers(struct request *rq, struct MHD_Response *response);
