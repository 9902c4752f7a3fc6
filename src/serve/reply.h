/* How replies are compressed; for reply.c and reply_stream.c. */
#pragma once
#include "serve/request.h"

#define GZIP_LEVEL 1
#define GZIP_WINDOW (15 + 16) /* the greatest window, with gzip's header */
