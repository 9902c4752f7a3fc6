/* What the websockets of `api` have in common: their stream record, and how they read commands. All on
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

/* Fills in what the request knows; in the route's handler. */
void api_socket_init(struct api_socket *s, struct request *rq);
/* Lists it as a stream. */
void api_socket_opened(struct api_socket *s, struct websocket *ws, const char *name);
/* Brings the record up to date, and closes the websocket when somebody closed the stream. */
void api_socket_second(struct api_socket *s);
void api_socket_closed(struct api_socket *s);
/* Sends one text; what is lost is counted. */
void api_socket_send(struct api_socket *s, const struct buf *text);
/* Tells the client what was wrong with its message: {"norn.error": sentence}. */
__attribute__((format(printf, 2, 3))) void api_socket_error(struct api_socket *s, const char *format, ...);
/* The message as a JSON object; NULL, and told, when it is none. The caller frees it. */
struct json_in *api_socket_command(struct api_socket *s, const char *p, size_t n, bool binary);
/* The command's `fields` for the table; NULL without any. A path that begins with `prefix` and '/'
 * loses both. False, and told, when they are malformed. */
bool api_socket_fields(struct api_socket *s, const struct json_in *command, const struct field_table *table,
		       const char *prefix, struct field_selection **ret_selection);
/* How the command's `format` wants records; JSON by default. */
enum field_format api_socket_format(const struct json_in *command);
