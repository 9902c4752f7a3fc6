#include "serve/websocket_frame.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <strings.h>

#include "base/json_out.h"

#define FIN 0x80
#define RESERVED 0x70
#define MASKED 0x80
#define LENGTH_16 126
#define LENGTH_64 127
#define MASK_SIZE 4

/* How long the header is, as far as its first octets say: RFC 6455 5.2. */
static size_t head_size(const struct websocket_reader *r)
{
	size_t n = 2 + MASK_SIZE;

	if (r->head_n < 2)
		return 2;
	if ((r->head[1] & ~MASKED) == LENGTH_16)
		n += 2;
	else if ((r->head[1] & ~MASKED) == LENGTH_64)
		n += 8;
	return n;
}

static bool is_control(uint8_t opcode)
{
	return opcode & 8;
}

/* What is wrong with the first two octets; 0: nothing. */
static uint16_t check_start(const struct websocket_reader *r)
{
	uint8_t opcode = r->head[0] & 15, length = r->head[1] & 127;
	bool fin = r->head[0] & FIN;

	if ((r->head[0] & RESERVED) || !(r->head[1] & MASKED))
		return WEBSOCKET_PROTOCOL_ERROR;
	if (is_control(opcode))
		return opcode > WEBSOCKET_PONG || !fin || length > WEBSOCKET_CONTROL_MAX ? WEBSOCKET_PROTOCOL_ERROR : 0;
	if (opcode > WEBSOCKET_BINARY || (opcode == WEBSOCKET_CONTINUATION) != (r->message_kind != 0))
		return WEBSOCKET_PROTOCOL_ERROR;
	return 0;
}

/* The header is whole: its length in the shortest form, and within the bound. */
static uint16_t begin_payload(struct websocket_reader *r)
{
	uint8_t opcode = r->head[0] & 15, length = r->head[1] & 127;
	size_t more = head_size(r) - 2 - MASK_SIZE;

	r->length = more ? 0 : length;
	for (size_t i = 0; i < more; i++)
		r->length = r->length << 8 | r->head[2 + i];
	if ((more == 2 && r->length < LENGTH_16) || (more == 8 && r->length <= UINT16_MAX) || r->length > INT64_MAX)
		return WEBSOCKET_PROTOCOL_ERROR;
	if (!is_control(opcode) && r->length > r->max - r->message.len)
		return WEBSOCKET_TOO_BIG;
	if (opcode == WEBSOCKET_TEXT || opcode == WEBSOCKET_BINARY)
		r->message_kind = opcode;
	r->at = 0;
	r->control_n = 0;
	r->in_payload = true;
	return 0;
}

static size_t take_head(struct websocket_reader *r, const uint8_t *p, size_t n, uint16_t *ret_fault)
{
	size_t used = 0;

	while (used < n && r->head_n < head_size(r)) {
		r->head[r->head_n++] = p[used++];
		if (r->head_n == 2 && (*ret_fault = check_start(r)))
			return used;
	}
	if (r->head_n == head_size(r))
		*ret_fault = begin_payload(r);
	return used;
}

static size_t take_payload(struct websocket_reader *r, const uint8_t *p, size_t n)
{
	const uint8_t *mask = r->head + head_size(r) - MASK_SIZE;
	uint8_t *to;

	if (n > r->length - r->at)
		n = (size_t) (r->length - r->at);
	if (is_control(r->head[0] & 15)) {
		to = r->control + r->control_n;
		r->control_n = (uint8_t) (r->control_n + n);
	} else {
		to = (uint8_t *) buf_reserve(&r->message, n);
		r->message.len += n;
	}
	for (size_t i = 0; i < n; i++)
		to[i] = p[i] ^ mask[(r->at + i) % MASK_SIZE];
	r->at += n;
	return n;
}

static bool is_utf8(const uint8_t *p, size_t n)
{
	while (n) {
		size_t k = utf8_sequence(p, n);

		if (k == 0)
			return false;
		p += k;
		n -= k;
	}
	return true;
}

bool websocket_code_may_be_sent(uint16_t code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	       (code >= 3000 && code <= 4999);
}

static struct websocket_event fault_of(uint16_t code)
{
	return (struct websocket_event){.kind = WEBSOCKET_EVENT_FAULT, .code = code};
}

/* RFC 6455 5.5.1: nothing, or a code and a reason in UTF-8. */
static void end_close(const struct websocket_reader *r, struct websocket_event *e)
{
	e->kind = WEBSOCKET_EVENT_CLOSE;
	e->code = WEBSOCKET_NO_CODE;
	if (e->n == 0)
		return;
	e->code = e->n >= 2 ? (uint16_t) (r->control[0] << 8 | r->control[1]) : 0;
	if (!websocket_code_may_be_sent(e->code))
		*e = fault_of(WEBSOCKET_PROTOCOL_ERROR);
	else if (!is_utf8(e->p + 2, e->n - 2))
		*e = fault_of(WEBSOCKET_NOT_UTF8);
}

static void end_message(struct websocket_reader *r, struct websocket_event *e)
{
	e->kind = WEBSOCKET_EVENT_MESSAGE;
	e->binary = r->message_kind == WEBSOCKET_BINARY;
	e->p = (const uint8_t *) buf_text(&r->message);
	e->n = r->message.len;
	r->message_kind = 0;
	r->message_done = true;
	if (!e->binary && !is_utf8(e->p, e->n))
		*e = fault_of(WEBSOCKET_NOT_UTF8);
}

static void end_frame(struct websocket_reader *r, struct websocket_event *e)
{
	r->in_payload = false;
	r->head_n = 0;
	e->p = r->control;
	e->n = r->control_n;
	switch (r->head[0] & 15) {
	case WEBSOCKET_CLOSE: end_close(r, e); break;
	case WEBSOCKET_PING: e->kind = WEBSOCKET_EVENT_PING; break;
	case WEBSOCKET_PONG: e->kind = WEBSOCKET_EVENT_PONG; break;
	default:
		if (r->head[0] & FIN)
			end_message(r, e);
		break;
	}
}

size_t websocket_read(struct websocket_reader *r, const uint8_t *p, size_t n, struct websocket_event *ret_event)
{
	size_t used = 0;
	uint16_t fault = 0;

	*ret_event = (struct websocket_event){0};
	if (r->failed)
		return n;
	if (r->message_done)
		buf_clear(&r->message);
	r->message_done = false;
	while (used < n && ret_event->kind == WEBSOCKET_EVENT_NONE && !fault) {
		if (!r->in_payload)
			used += take_head(r, p + used, n - used, &fault);
		if (r->in_payload)
			used += take_payload(r, p + used, n - used);
		if (r->in_payload && r->at == r->length)
			end_frame(r, ret_event);
	}
	if (fault)
		*ret_event = fault_of(fault);
	r->failed = ret_event->kind == WEBSOCKET_EVENT_FAULT;
	return used;
}

void websocket_reader_finish(struct websocket_reader *r)
{
	buf_finish(&r->message);
}

void websocket_write(struct buf *out, enum websocket_opcode opcode, const void *p, size_t n)
{
	buf_char(out, (char) (FIN | opcode));
	if (n < LENGTH_16) {
		buf_char(out, (char) n);
	} else if (n <= UINT16_MAX) {
		buf_char(out, LENGTH_16);
		buf_char(out, (char) (n >> 8));
		buf_char(out, (char) n);
	} else {
		buf_char(out, LENGTH_64);
		for (int shift = 56; shift >= 0; shift -= 8)
			buf_char(out, (char) ((uint64_t) n >> shift));
	}
	buf_add(out, p, n);
}

void websocket_write_close(struct buf *out, uint16_t code, const char *reason)
{
	char payload[WEBSOCKET_CONTROL_MAX];
	size_t n = strlen(reason);

	if (n > sizeof(payload) - 2)
		n = sizeof(payload) - 2;
	while (n && !is_utf8((const uint8_t *) reason, n))
		n--; /* do not cut within a letter */
	payload[0] = (char) (code >> 8);
	payload[1] = (char) code;
	memcpy(payload + 2, reason, n);
	websocket_write(out, WEBSOCKET_CLOSE, payload, n + 2);
}

bool websocket_accept(const char *key, char ret_accept[WEBSOCKET_ACCEPT_SIZE])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 1.3 */
	char text[WEBSOCKET_KEY_SIZE + sizeof(guid)];
	gnutls_datum_t in = {.size = WEBSOCKET_KEY_SIZE}, out;
	uint8_t hash[20];
	size_t n;

	if (!key || strlen(key) != WEBSOCKET_KEY_SIZE)
		return false;
	memcpy(text, key, WEBSOCKET_KEY_SIZE);
	memcpy(text + WEBSOCKET_KEY_SIZE, guid, sizeof(guid));
	in.data = (unsigned char *) text;
	if (gnutls_base64_decode2(&in, &out) < 0)
		return false;
	n = out.size;
	gnutls_free(out.data);
	if (n != 16 || gnutls_hash_fast(GNUTLS_DIG_SHA1, text, sizeof(text) - 1, hash) < 0)
		return false;
	in.data = hash;
	in.size = sizeof(hash);
	if (gnutls_base64_encode2(&in, &out) < 0)
		return false;
	n = out.size < WEBSOCKET_ACCEPT_SIZE ? out.size : WEBSOCKET_ACCEPT_SIZE - 1;
	memcpy(ret_accept, out.data, n);
	ret_accept[n] = '\0';
	gnutls_free(out.data);
	return true;
}

bool websocket_header_has(const char *header, const char *token)
{
	size_t n = strlen(token);

	for (const char *p = header; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		p += strspn(p, " \t");
		if (strncasecmp(p, token, n) == 0 && strchr(", \t", p[n]))
			return true;
	}
	return false;
}
