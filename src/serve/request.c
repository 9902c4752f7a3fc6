#include "serve/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "serve/argument.h"
#include "serve/form.h"
#include "serve/private.h"
#include "serve/reply.h"
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

/* Of variables with one name the last counts. */
static const struct variable *find_variable(const struct request *rq, const char *name)
{
	for (size_t i = rq->n_variables; i > 0; i--)
		if (strcmp(rq->variables[i - 1].name, name) == 0)
			return &rq->variables[i - 1];
	return NULL;
}

const char *request_variable(const struct request *rq, const char *name)
{
	const struct variable *v = find_variable(rq, name);

	return v ? v->value : NULL;
}

size_t request_variables(const struct request *rq)
{
	return rq->n_variables;
}

const char *request_variable_at(const struct request *rq, size_t i, const char **ret_name)
{
	*ret_name = rq->variables[i].name;
	return rq->variables[i].value;
}

/* How many there are is bounded by the octets that they came in. */
static struct variable *add_variable(struct request *rq, const char *name, const char *value, size_t n)
{
	if (rq->n_variables == rq->variables_cap) {
		rq->variables_cap = rq->variables_cap ? rq->variables_cap * 2 : 16;
		xgrow(rq->variables, rq->variables_cap);
	}
	rq->variables[rq->n_variables] = (struct variable){.name = name, .value = value, .n = n};
	return &rq->variables[rq->n_variables++];
}

static void set_fault(struct request *rq, unsigned status, const char *sentence)
{
	if (rq->fault)
		return;
	rq->fault = status;
	rq->sentence = sentence;
}

static void read_pairs(struct request *rq, char *text, size_t n)
{
	struct form form = {.n = n, .text = text};
	struct form_pair pair;

	while (form_next(&form, &pair))
		(void) add_variable(rq, pair.name, pair.value, pair.n);
}

/* A part of multipart/form-data. */
struct variable_part {
	char *name;
	struct buf value;
};

/* Adds a variable that owns its octets. */
static struct variable *add_part(struct request *rq, const char *name)
{
	struct variable *v = add_variable(rq, NULL, "", 0);

	v->part = xnew(struct variable_part, 1);
	v->name = v->part->name = xstrdup(name);
	return v;
}

const char *request_text(struct request *rq, const char *name)
{
	const struct json_in *member = json_in_get(rq->command, name);
	char number[JSON_IN_NUMBER_SIZE];
	struct variable *v;

	if (!member)
		return request_variable(rq, name);
	if (!json_in_number_text(member, number))
		return json_in_text(member);
	v = add_part(rq, name);
	buf_str(&v->part->value, number);
	return v->value = buf_text(&v->part->value);
}

/* Parts come in pieces; at offset 0 one begins. */
static enum MHD_Result take_part(void *ctx, enum MHD_ValueKind kind, const char *name, const char *filename,
				 const char *type, const char *encoding, const char *data, uint64_t offset, size_t n)
{
	struct request *rq = ctx;
	struct variable *v = rq->n_variables ? &rq->variables[rq->n_variables - 1] : NULL;

	(void) kind;
	(void) filename;
	(void) type;
	(void) encoding;
	if (!name)
		return MHD_YES;
	if (offset == 0 || !v || !v->part || strcmp(v->name, name) != 0)
		v = add_part(rq, name);
	buf_add(&v->part->value, data, n);
	v->value = buf_text(&v->part->value);
	v->n = v->part->value.len;
	return MHD_YES;
}

/* multipart/form-data (RFC 7578). */
static void read_parts(struct request *rq)
{
	struct MHD_PostProcessor *form = MHD_create_post_processor(rq->connection, FORM_BUFFER, take_part, rq);
	bool read = form && MHD_post_process(form, rq->body.p, rq->body.len) == MHD_YES;

	if (form && MHD_destroy_post_processor(form) != MHD_YES)
		read = false;
	if (!read)
		set_fault(rq, 400, "The form in the request's body cannot be read.");
}

void request_take_query(struct request *rq, char *target)
{
	char *query = strchr(target, '?');

	if (!query)
		return;
	rq->query = xstrdup(query + 1);
	memset(query, 0, strlen(query));
}

void request_read_query(struct request *rq)
{
	if (rq->query)
		read_pairs(rq, rq->query, strlen(rq->query));
}

static void read_form(struct request *rq)
{
	read_pairs(rq, (char *) (uintptr_t) buf_text(&rq->body), rq->body.len);
}

static void read_command(struct request *rq, const char *text, size_t n)
{
	char error[JSON_IN_ERROR_SIZE];

	rq->command = json_in_read(text, n, error);
	if (rq->command && json_in_is_object(rq->command))
		return;
	if (rq->command)
		(void) snprintf(rq->reason, sizeof(rq->reason), "Invalid request: the command is a JSON object.");
	else
		(void) snprintf(rq->reason, sizeof(rq->reason), "Invalid request: %s.", error);
	set_fault(rq, 400, rq->reason);
}

static bool type_is(const char *type, const char *name)
{
	return type && strncasecmp(type, name, strlen(name)) == 0;
}

/* The first octet that is not a space decides what a body without a known type is. */
static bool looks_like_json(const struct buf *body)
{
	size_t i = 0;

	while (i < body->len && strchr(" \t\r\n", body->p[i]))
		i++;
	return i < body->len && (body->p[i] == '{' || body->p[i] == '[');
}

/* Whether a form brings a command or a text that its route takes. */
static bool is_understood(const struct request *rq)
{
	bool known = find_variable(rq, "json") != NULL;

	for (const struct argument *a = rq->match.route->arguments; a && a->name && !known; a++)
		known = find_variable(rq, a->name) != NULL;
	return known;
}

/* What a body is: JSON when it says so or looks so, else a form, which needs no type. */
static void read_body(struct request *rq)
{
	const char *type = request_header(rq, "Content-Type");

	if (rq->body.len == 0)
		return;
	if (type_is(type, "multipart/form-data"))
		read_parts(rq);
	else if (type_is(type, "application/json") || looks_like_json(&rq->body))
		read_command(rq, rq->body.p, rq->body.len);
	else if (!type || type_is(type, "application/x-www-form-urlencoded") || type_is(type, "text/plain"))
		read_form(rq);
	if (!rq->command && !type_is(type, "multipart/form-data") &&
	    !type_is(type, "application/x-www-form-urlencoded") && !is_understood(rq))
		set_fault(rq, 400,
			  "A command is sent as a form with the field 'json', or as "
			  "application/json.");
}

void request_read_body(struct request *rq)
{
	const struct variable *v;

	if (rq->post)
		read_body(rq);
	v = find_variable(rq, "json");
	if (v && !rq->command && !rq->fault)
		read_command(rq, v->value, v->n);
}

void request_finish(struct request *rq)
{
	for (size_t i = 0; i < rq->n_variables; i++) {
		if (!rq->variables[i].part)
			continue;
		free(rq->variables[i].part->name);
		buf_finish(&rq->variables[i].part->value);
		free(rq->variables[i].part);
	}
	free(rq->variables);
	free(rq->query);
	if (rq->waits)
		(void) atomic_fetch_sub(&rq->serve->waiting, 1);
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
