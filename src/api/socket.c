#include "api/socket.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json_out.h"
#include "serve/request.h"
#include "serve/websocket_frame.h"

void api_socket_init(struct api_socket *s, struct request *rq)
{
	s->api = request_context(rq);
	s->logged_in = *request_role(rq);
}

void api_socket_opened(struct api_socket *s, struct websocket *ws, const char *name)
{
	char path[160];
	const char *login = websocket_login(ws);

	s->ws = ws;
	(void) snprintf(path, sizeof(path), "%s for %s", websocket_address(ws), *login ? login : "anybody");
	s->stream = streams_add(s->api->streams, name, "websocket", path, name, &s->lost);
}

void api_socket_second(struct api_socket *s)
{
	uint64_t messages, bytes;

	websocket_sent(s->ws, &messages, &bytes);
	if (s->stream && !streams_update(s->api->streams, s->stream, messages, bytes))
		websocket_close(s->ws, WEBSOCKET_NORMAL, "The stream was closed.");
}

void api_socket_closed(struct api_socket *s)
{
	streams_remove(s->api->streams, s->stream);
	s->ws = NULL;
}

void api_socket_send(struct api_socket *s, const struct buf *text)
{
	if (!websocket_send(s->ws, text->p, text->len, false))
		(void) atomic_fetch_add(&s->lost, 1);
}

void api_socket_error(struct api_socket *s, const char *format, ...)
{
	struct buf out = {0};
	char text[512];
	va_list args;

	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_str(&out, "{\"norn.error\":");
	json_text(&out, text, strlen(text));
	buf_char(&out, '}');
	api_socket_send(s, &out);
	buf_finish(&out);
}

struct json_in *api_socket_command(struct api_socket *s, const char *p, size_t n, bool binary)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *command;

	if (binary) {
		websocket_close(s->ws, WEBSOCKET_UNACCEPTABLE, "Commands are text.");
		return NULL;
	}
	command = json_in_read(p, n, error);
	if (!command) {
		api_socket_error(s, "Invalid request: %s.", error);
	} else if (!json_in_is_object(command)) {
		api_socket_error(s, "Invalid request: the command is a JSON object.");
		json_in_free(command);
		command = NULL;
	}
	return command;
}

/* One entry of `fields`: a path, or a path and the name it is to have. */
static int add_field(struct field_selection *selection, const struct json_in *v, const char *prefix)
{
	const char *path = json_in_text(v), *alias = NULL;
	size_t n = prefix ? strlen(prefix) : 0;

	if (json_in_is_list(v) && json_in_count(v) == 2) {
		path = json_in_text(json_in_at(v, 0));
		alias = json_in_text(json_in_at(v, 1));
		if (!alias)
			return ERR_MALFORMED;
	}
	if (path && n && strncmp(path, prefix, n) == 0 && path[n] == '/')
		path += n + 1;
	return path ? field_selection_add(selection, path, alias) : ERR_MALFORMED;
}

bool api_socket_fields(struct api_socket *s, const struct json_in *command, const struct field_table *table,
		       const char *prefix, struct field_selection **ret_selection)
{
	const struct json_in *fields = json_in_get(command, "fields");
	struct field_selection *selection;
	int r = 0;

	*ret_selection = NULL;
	if (!fields || (json_in_is_list(fields) && json_in_count(fields) == 0))
		return true;
	selection = field_selection_create(table);
	if (!json_in_is_list(fields))
		r = ERR_MALFORMED;
	for (size_t i = 0; i < json_in_count(fields) && r >= 0; i++)
		r = add_field(selection, json_in_at(fields, i), prefix);
	if (r < 0) {
		field_selection_destroy(selection);
		api_socket_error(s,
				 "Invalid request: 'fields' is a list; each is a path or [path, name], "
				 "at most %d of them and %d octets each.",
				 FIELD_SELECT_MAX, FIELD_PATH_BYTES - 1);
		return false;
	}
	*ret_selection = selection;
	return true;
}

enum field_format api_socket_format(const struct json_in *command)
{
	const char *format = json_in_text(json_in_get(command, "format"));

	if (format && strcmp(format, "prettyjson") == 0)
		return FIELD_FORMAT_PRETTY;
	return format && strcmp(format, "tjson") == 0 ? FIELD_FORMAT_FLAT : FIELD_FORMAT_JSON;
}
