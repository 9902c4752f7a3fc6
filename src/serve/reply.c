#include "serve/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "serve/private.h"

struct buf *reply_buf(struct reply *rp)
{
	return &rp->out;
}

void reply_type(struct reply *rp, const char *mime)
{
	rp->mime = mime;
}

void reply_status(struct reply *rp, unsigned status)
{
	rp->status = status;
}

void reply_error(struct reply *rp, unsigned status, const char *format, ...)
{
	char text[1024];
	va_list args;

	rp->status = status;
	rp->mime = "text/plain; charset=utf-8";
	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_clear(&rp->out);
	buf_str(&rp->out, text);
	buf_char(&rp->out, '\n');
}

void reply_about(struct reply *rp, const char *name)
{
	(void) air_text((const uint8_t *) name, strlen(name), rp->about, sizeof(rp->about));
}

void reply_stream(struct reply *rp, const struct reply_source *source, void *ctx)
{
	rp->source = source;
	rp->ctx = ctx;
}

void reply_websocket(struct reply *rp, const struct websocket_kind *kind, void *ctx)
{
	rp->websocket = kind;
	rp->ctx = ctx;
}
