#include "websocket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/span.h"
#include "proto/proto.h"

#define ENDPOINT "/datasource/remote/remotesource.ws"
#define ANSWER_MOST 8192
#define ANSWER_MS 10000

enum { OP_CONTINUATION = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

/* RFC 3986 2.1. */
static void add_encoded(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(out, "%c%s=", memchr(out->p, '?', out->len) ? '&' : '?', name);
	for (; *value; value++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *value))
			buf_char(out, *value);
		else
			buf_printf(out, "%%%02X", (unsigned char) *value);
}

/* RFC 6455 4.1: 16 random octets in base64, whose last two characters are '='. */
static void add_key(struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t r[22] = {0};

	(void) !getrandom(r, sizeof(r), 0);
	for (int i = 0; i < 21; i++)
		buf_char(out, digits[r[i] & 63]);
	buf_char(out, digits[r[21] & 48]);
	buf_str(out, "==");
}

static void compose(const struct helper_arguments *a, struct buf *out)
{
	buf_printf(out, "GET %s", a->endpoint ? a->endpoint : ENDPOINT);
	add_encoded(out, "user", a->user);
	add_encoded(out, "password", a->password);
	add_encoded(out, "KISMET", a->apikey);
	buf_printf(out,
		   " HTTP/1.1\r\nHost: %s:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kismet-remote\r\n"
		   "Sec-WebSocket-Key: ",
		   a->host, a->port);
	add_key(out);
	buf_str(out, "\r\n\r\n");
}

/* Reads up to the empty line, and not an octet more. */
static int read_answer(struct link *l, struct buf *answer)
{
	while (answer->len < ANSWER_MOST) {
		struct pollfd ready = {.fd = l->in_fd, .events = POLLIN};
		char c;

		if (!link_pending(l) && poll(&ready, 1, ANSWER_MS) <= 0)
			return -ETIMEDOUT;
		if (link_read(l, &c, 1) != 1)
			return -EPIPE;
		buf_char(answer, c);
		if (answer->len >= 4 && memcmp(answer->p + answer->len - 4, "\r\n\r\n", 4) == 0)
			return 0;
	}
	return -EPROTO;
}

int websocket_ask(struct link *l, const struct helper_arguments *a)
{
	struct buf b = {0};
	unsigned status = 0;
	int r = 0;

	compose(a, &b);
	if (link_write(l, b.p, b.len) != (ssize_t) b.len)
		r = -EPIPE;
	buf_clear(&b);
	if (r >= 0)
		r = read_answer(l, &b);
	if (r >= 0 && (sscanf(buf_text(&b), "HTTP/1.%*1u %3u", &status) != 1 || status != 101))
		r = status == 401 || status == 403 ? -EACCES : -EPROTO;
	if (r == -EACCES)
		(void) fprintf(stderr, "The server rejected the login: it has to have the role 'datasource' (--user= "
				       "and --password=, or --apikey=)\n");
	else if (r < 0)
		(void) fprintf(stderr,
			       "The server at %s port %u accepts no websocket (HTTP status %u); for a server's sensor "
			       "port (3501) give --tcp\n",
			       a->host, a->port, status);
	buf_finish(&b);
	return r;
}

/* RFC 6455 5.2 and 5.3: what a client sends is masked. */
static void add_frame(struct buf *out, int opcode, const char *p, size_t n)
{
	uint8_t head[8] = {(uint8_t) (0x80 | opcode)}, *mask;
	size_t length = 2;

	head[1] = (uint8_t) (0x80 | (n < 126 ? n : 126));
	if (n >= 126) {
		head[2] = (uint8_t) (n >> 8);
		head[3] = (uint8_t) n;
		length = 4;
	}
	mask = head + length;
	(void) !getrandom(mask, 4, 0);
	buf_add(out, head, length + 4);
	for (size_t i = 0; i < n; i++)
		buf_char(out, (char) (p[i] ^ mask[i % 4]));
}

void websocket_wrap(const struct buf *frames, struct buf *out)
{
	struct proto_frame f;
	size_t at = 0;

	while (at < frames->len) {
		int n = proto_frame_read((const uint8_t *) frames->p + at, frames->len - at, &f);

		if (n <= 0)
			return;
		add_frame(out, OP_BINARY, frames->p + at, (size_t) n);
		at += (size_t) n;
	}
}

/* One frame of the server: its opcode, or negative; *ret_taken is 0 when it is not whole. */
static int read_frame(struct span s, struct span *ret_body, size_t *ret_taken)
{
	size_t all = s.left;
	uint8_t first = span_u8(&s), second = span_u8(&s);
	uint64_t n = second & 127;

	*ret_taken = 0;
	if (n == 126)
		n = span_be16(&s);
	else if (n == 127)
		n = span_be64(&s);
	if (s.bad)
		return 0;
	if ((second & 128) || n > WEBSOCKET_MOST)
		return -EPROTO;
	if (n > s.left)
		return 0;
	*ret_body = span_sub(&s, (size_t) n);
	*ret_taken = all - s.left;
	return first & 15;
}

int websocket_unwrap(struct buf *raw, struct buf *in, struct buf *answers)
{
	size_t at = 0, taken;
	int opcode;

	if (raw->len == 0)
		return 0;
	do {
		struct span body = {0};

		opcode = read_frame(span_of(raw->p + at, raw->len - at), &body, &taken);
		if (opcode < 0 || (taken && opcode == OP_CLOSE))
			return opcode < 0 ? opcode : -EPIPE;
		if (taken && (opcode == OP_BINARY || opcode == OP_CONTINUATION))
			buf_add(in, body.p, body.left);
		else if (taken && opcode == OP_PING && body.left < 126)
			add_frame(answers, OP_PONG, (const char *) body.p, body.left);
		at += taken;
	} while (taken);
	if (at)
		buf_drop(raw, at);
	return 0;
}
