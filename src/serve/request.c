#include "serve/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "serve/websocket.h"

#define FORM_BUFFER 4096

const char *request_header(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND, name);
}

const char *request_param(const struct request *rq, const char *name)
{
	for (unsigned i = 0; i < rq->match.n_params; i++)
		if (strcmp(rq->match.name[i], name) == 0)
			return rq->match.value[i];
	return NULL;
}

const char *request_subpath(const struct request *rq)
{
	return rq->match.subpath;
}

struct reply_format request_format(const struct request *rq)
{
	return rq->match.format;
}

bool request_is_post(const struct request *rq)
{
	return rq->post;
}

const struct route *request_route(const struct request *rq)
{
	return rq->match.route;
}

void *request_context(const struct request *rq)
{
	return rq->serve->conf.ctx;
}

struct serve *request_serve(const struct request *rq)
{
	return rq->serve;
}

const char *request_address(const struct request *rq)
{
	return rq->address;
}

const char *request_login(const struct request *rq)
{
	return rq->name;
}

const char *request_role(const struct request *rq)
{
	return rq->role;
}

const struct json_in *request_command(const struct request *rq)
{
	return rq->command;
}

static struct variable *find_variable(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->n_variables; i++)
		if (strcmp(rq->variables[i].name, name) == 0)
			return &rq->variables[i];
	return NULL;
}

const char *request_variable(const struct request *rq, const char *name)
{
	struct variable *v = find_variable(rq, name);

	return v ? buf_text(&v->value) : NULL;
}

size_t request_variables(const struct request *rq)
{
	return rq->n_variables;
}

const char *request_variable_at(const struct request *rq, size_t i, const char **ret_name)
{
	*ret_name = rq->variables[i].name;
	return buf_text(&rq->variables[i].value);
}

/* Appends to the variable, which a form may send in pieces; at offset 0 the value begins anew. */
static bool add_variable(struct request *rq, const char *name, const char *value, size_t n, uint64_t offset)
{
	struct variable *v = find_variable(rq, name);

	if (!v) {
		if (rq->n_variables == SERVE_VARIABLES_MAX)
			return false;
		if (rq->n_variables % 16 == 0)
			xgrow(rq->variables, rq->n_variables + 16);
		v = &rq->variables[rq->n_variables++];
		*v = (struct variable){.name = xstrdup(name)};
	}
	if (offset == 0)
		buf_clear(&v->value);
	buf_add(&v->value, value, n);
	return true;
}

static void set_fault(struct request *rq, unsigned status, const char *sentence)
{
	if (rq->fault)
		return;
	rq->fault = status;
	rq->sentence = sentence;
}

static enum MHD_Result take_query(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *rq = ctx;

	(void) kind;
	if (!add_variable(rq, name, value ? value : "", value ? strlen(value) : 0, 0))
		set_fault(rq, 400, "The request has too many variables.");
	return MHD_YES;
}

void request_read_query(struct request *rq)
{
	(void) MHD_get_connection_values(rq->connection, MHD_GET_ARGUMENT_KIND, take_query, rq);
}

static enum MHD_Result take_form(void *ctx, enum MHD_ValueKind kind, const char *name, const char *filename,
				 const char *type, const char *encoding, const char *data, uint64_t offset, size_t n)
{
	struct request *rq = ctx;

	(void) kind;
	(void) filename;
	(void) type;
	(void) encoding;
	if (!name || !add_variable(rq, name, data, n, offset))
		set_fault(rq, 400, "The request has too many variables.");
	return MHD_YES;
}

static void read_form(struct request *rq)
{
	struct MHD_PostProcessor *form = MHD_create_post_processor(rq->connection, FORM_BUFFER, take_form, rq);
	bool read = form && MHD_post_process(form, rq->body.p, rq->body.len) == MHD_YES;

	if (form && MHD_destroy_post_processor(form) != MHD_YES)
		read = false;
	if (!read)
		set_fault(rq, 400, "The form in the request's body cannot be read.");
}

static void read_command(struct request *rq, const char *text, size_t n)
{
	char error[JSON_IN_ERROR_SIZE];

	rq->command = json_in_read(text, n, error);
	if (rq->command)
		return;
	(void) snprintf(rq->reason, sizeof(rq->reason), "Invalid request: %s.", error);
	set_fault(rq, 400, rq->reason);
}

static bool type_is(const char *type, const char *name)
{
	return type && strncasecmp(type, name, strlen(name)) == 0;
}

/* The first octet that is no space says what a body without a known type is. */
static bool looks_like_json(const struct buf *body)
{
	size_t i = 0;

	while (i < body->len && strchr(" \t\r\n", body->p[i]))
		i++;
	return i < body->len && (body->p[i] == '{' || body->p[i] == '[');
}

void request_read_body(struct request *rq)
{
	const char *type = request_header(rq, "Content-Type");
	struct variable *v;

	if (rq->body.len && (type_is(type, "application/json") || looks_like_json(&rq->body)))
		read_command(rq, rq->body.p, rq->body.len);
	else if (rq->body.len &&
		 (type_is(type, "application/x-www-form-urlencoded") || type_is(type, "multipart/form-data")))
		read_form(rq);
	else if (rq->body.len)
		set_fault(rq, 400,
			  "A command is sent as a form with the field 'json', or as "
			  "application/json.");
	v = find_variable(rq, "json");
	if (v && !rq->command && !rq->fault)
		read_command(rq, buf_text(&v->value), v->value.len);
}

void request_finish(struct request *rq)
{
	for (size_t i = 0; i < rq->n_variables; i++) {
		free(rq->variables[i].name);
		buf_finish(&rq->variables[i].value);
	}
	free(rq->variables);
	json_in_free(rq->command);
	if (rq->password)
		explicit_bzero(rq->password, strlen(rq->password));
	free(rq->user);
	free(rq->password);
	buf_finish(&rq->body);
	buf_finish(&rq->reply.out);
	if (rq->reply.websocket)
		rq->reply.websocket->closed(rq->reply.ctx);
	if (rq->reply.source && rq->reply.source->destroy)
		rq->reply.source->destroy(rq->reply.ctx);
	free(rq);
}
