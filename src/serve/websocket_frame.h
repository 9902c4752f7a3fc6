/* The bytes of RFC 6455: frames that a client sends become messages, and messages become frames that
 * a server sends. No connection, no thread, no clock: one reader belongs to one connection. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define WEBSOCKET_CONTROL_MAX 125 /* octets of a control frame, RFC 6455 5.5 */
#define WEBSOCKET_KEY_SIZE 24     /* of Sec-WebSocket-Key: 16 octets in base64, RFC 6455 4.1 */
#define WEBSOCKET_ACCEPT_SIZE 29  /* of Sec-WebSocket-Accept, with its NUL */

enum websocket_opcode { /* RFC 6455 5.2 */
			WEBSOCKET_CONTINUATION = 0,
			WEBSOCKET_TEXT = 1,
			WEBSOCKET_BINARY = 2,
			WEBSOCKET_CLOSE = 8,
			WEBSOCKET_PING = 9,
			WEBSOCKET_PONG = 10,
};
enum websocket_code { /* RFC 6455 7.4.1 */
		      WEBSOCKET_NORMAL = 1000,
		      WEBSOCKET_GOING_AWAY = 1001,
		      WEBSOCKET_PROTOCOL_ERROR = 1002,
		      WEBSOCKET_UNACCEPTABLE = 1003,
		      WEBSOCKET_NO_CODE = 1005, /* never sent */
		      WEBSOCKET_NOT_UTF8 = 1007,
		      WEBSOCKET_POLICY = 1008,
		      WEBSOCKET_TOO_BIG = 1009,
		      WEBSOCKET_FAILED = 1011,
};

enum websocket_event_kind {
	WEBSOCKET_EVENT_NONE,    /* more bytes are needed */
	WEBSOCKET_EVENT_MESSAGE, /* a whole message, put together from its frames */
	WEBSOCKET_EVENT_PING,
	WEBSOCKET_EVENT_PONG,
	WEBSOCKET_EVENT_CLOSE, /* code: the peer's, WEBSOCKET_NO_CODE without one */
	WEBSOCKET_EVENT_FAULT, /* code: why the connection must end; nothing is read afterwards */
};
struct websocket_event {
	enum websocket_event_kind kind;
	bool binary;
	uint16_t code;
	const uint8_t *p; /* octets of the message or control frame, until the next read */
	size_t n;
};

struct websocket_reader {
	size_t max; /* octets of a message, set before the first read */
	uint8_t head[14], control[WEBSOCKET_CONTROL_MAX];
	uint8_t head_n, control_n;
	uint8_t message_kind; /* TEXT or BINARY while a message is put together, else 0 */
	bool in_payload, message_done, failed;
	uint64_t at, length; /* within the frame's payload */
	struct buf message;
};
/* Takes at most n bytes, up to the end of one event; how many. Message memory grows with what has
 * arrived, not with what a header claims. */
size_t websocket_read(struct websocket_reader *r, const uint8_t *p, size_t n, struct websocket_event *ret_event);
void websocket_reader_finish(struct websocket_reader *r);

/* Appends one unfragmented, unmasked frame. Control frames have at most WEBSOCKET_CONTROL_MAX octets. */
void websocket_write(struct buf *out, enum websocket_opcode opcode, const void *p, size_t n);
/* Appends a close frame; the reason is cut to what fits. */
void websocket_write_close(struct buf *out, uint16_t code, const char *reason);
/* True for a code that is allowed in a close frame, RFC 6455 7.4. */
bool websocket_code_may_be_sent(uint16_t code);

/* The answer to a handshake's key; false when the key is not 16 octets in base64 (RFC 6455 4.2.1). */
bool websocket_accept(const char *key, char ret_accept[WEBSOCKET_ACCEPT_SIZE]);
/* True if the comma separated header has the token, without regard to case. NULL has none. */
bool websocket_header_has(const char *header, const char *token);
