/* Shared by the websockets of `api`: their stream record, and reading commands. All on
 * the loop of the websockets. */
#pragma once
#include "api/api.h"
#include "serve/websocket.h"

struct api_socket {
	struct api *api;
	struct websocket *ws; /* NULL before opened() and after closed() */
	bool logged_in;
	uint64_t stream;
	_Atomic uint64_t lost; /* messages */
};

/* Fills in the members that come from the request; in the route's handler. */
void api_socket_init(struct api_socket *s, struct request *rq);
/* Lists it as a stream. */
void api_socket_opened(struct api_socket *s, struct websocket *ws, const char *name);
/* Updates the record, and closes the websocket when its stream was closed by request. */
void api_socket_second(struct api_socket *s);
void api_socket_closed(struct api_socket *s);
/* Sends one text; lost messages are counted. */
void api_socket_send(struct api_socket *s, const struct buf *text);
/* Reports to the client what was wrong with its message: {"norn.error": sentence}. */
__attribute__((format(printf, 2, 3))) void api_socket_error(struct api_socket *s, const char *format, ...);
/* The message as a JSON object; NULL, and reported, when it is none. The caller frees it. */
struct json_in *api_socket_command(struct api_socket *s, const char *p, size_t n, bool binary);
/* The command's `fields` for the table; NULL without any. A path that begins with `prefix` and '/'
 * loses both. False, and reported, when they are malformed. */
bool api_socket_fields(struct api_socket *s, const struct json_in *command, const struct field_table *table,
		       const char *prefix, struct field_selection **ret_selection);
/* How the command's `format` wants records; JSON by default. */
enum field_format api_socket_format(const struct json_in *command);
