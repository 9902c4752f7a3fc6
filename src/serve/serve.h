/* The HTTP mechanism: connections, routes, logins and replies, on libmicrohttpd's thread pool. It
 * knows no endpoint; `api` hands in tables of routes. Handlers run on the pool's threads and must not
 * wait, except those of ROUTE_WORK, which run on threads made for it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/json_in.h"
#include "field/write.h"
#include "serve/options.h"

#define SERVE_PARAMS_MAX 4
#define SERVE_PARAM_SIZE 256
#define SERVE_PATH_MAX 1024
#define SERVE_NAME_SIZE 64

enum method { METHOD_GET = 1, METHOD_POST = 2, METHOD_BOTH = 3 };
/* Routes that need more than RIGHT_LOGIN, that change something or that belong to a plugin pass the guard,
 * serve/guard.h. */
enum right {
	RIGHT_OPEN,   /* anybody */
	RIGHT_READ,   /* on loopback any caller, elsewhere a login of any role */
	RIGHT_LOGIN,  /* a login of any role */
	RIGHT_WEBGPS, /* that role or admin */
	RIGHT_REPORT, /* role scanreport, or admin */
	RIGHT_SOURCE, /* role datasource, or admin */
	RIGHT_ADSB,   /* that role, readonly or admin */
	RIGHT_ADMIN,  /* role admin */
};
enum route_flag {
	ROUTE_WORK = 1,    /* may wait: runs on the work threads */
	ROUTE_COMMAND = 2, /* changes something: leaves an audit message */
	ROUTE_SUBPATH = 4, /* path steps may follow behind the extension */
	ROUTE_NO_PRETTY = 8,
	ROUTE_WEBSOCKET = 16, /* answers with reply_websocket(), serve/websocket.h */
	ROUTE_GUARDED = 32,   /* may change something without being a command: no foreign page may ask for it */
	ROUTE_LOGIN = 64,     /* asked in order to log in: its session is listed at once */
	ROUTE_SECRETS = 128,  /* of RIGHT_READ: shows more to a caller who is logged in */
};
/* What a reply is, for schema and manual. */
enum reply_shape {
	SHAPE_LIST,    /* of `record` */
	SHAPE_RECORD,  /* one `record` */
	SHAPE_OBJECT,  /* `record`s by key */
	SHAPE_PAGE,    /* a list, or an object with `data` in paged modes */
	SHAPE_WRAPPED, /* an object of a list of `record` and a time */
	SHAPE_TEXT,
	SHAPE_HTML,
	SHAPE_PCAPNG,
	SHAPE_PCAP,
	SHAPE_WEBSOCKET, /* messages of JSON text */
};

struct request;
struct reply;

/* What a member of a command has to be, wherever a route takes it. null counts as absent. */
enum argument_type {
	ARGUMENT_NAME,    /* a text */
	ARGUMENT_TEXT,    /* a text or a number, which is then its text */
	ARGUMENT_NUMBER,  /* a number or the text of one */
	ARGUMENT_WHOLE,   /* without a fraction */
	ARGUMENT_TRUTH,   /* true or false, 1 or 0 */
	ARGUMENT_ADDRESS, /* AA:BB:CC:DD:EE:FF; "" is none */
	ARGUMENT_LIST,
	ARGUMENT_TEXTS, /* a list of ARGUMENT_TEXT */
	ARGUMENT_OBJECT,
	ARGUMENT_ANY, /* the handler says what */
};
struct argument {
	const char *name;
	uint8_t type; /* enum argument_type */
	bool needed;
	const char *doc;
	const char *unless; /* the member that makes this one mean nothing; NULL: none */
};
/* The type in words, "a list of texts". */
const char *argument_words(enum argument_type type);

/* An error status, and when it is returned. */
struct refusal {
	uint16_t status;
	const char *when; /* "no device has that key" */
};
#define ROUTE_REFUSALS 4
/* Errors of any route, up to one of status 0. */
extern const struct refusal route_refusals[];

/* One endpoint: rights, methods and formats are columns, never calls inside the handler. */
struct route {
	uint8_t methods;     /* enum method bits; HEAD follows GET */
	const char *path;    /* "/devices/by-key/{key}/device"; `{}` takes one step */
	const char *formats; /* "*": every serializer; "ekjson,itjson": these; NULL: a bare path */
	enum right right;
	void (*handle)(struct request *rq, struct reply *rp);
	struct field_table *record; /* of the reply, for schema and manual; serve_start() prepares it; may be NULL */
	const char *doc;            /* one sentence */
	uint8_t shape;              /* enum reply_shape */
	uint8_t flags;              /* enum route_flag */
	/* Errors of handle(), besides those of any route (route_refusals); up to one of status 0. */
	struct refusal refusals[ROUTE_REFUSALS];
	/* Of its command, checked before handle(): up to a row without name; NULL: `fields` of a record at most. */
	const struct argument *arguments;
};
struct route_table {
	const struct route *routes;
	size_t n;
	struct field_table *const *records; /* further ones, which events carry; NULL terminated, or NULL */
};

/* Every route by its number, from 0, in the order in which paths are looked up; NULL behind the last. Pure. */
const struct route *route_at(const struct route_table *const *tables, size_t number);

/* How a reply is to be written, by the path's extension. */
struct reply_format {
	enum field_format fields;
	bool lines; /* a list is one item a line */
};

/* The request. Texts live until the handler returns. */
const char *request_param(const struct request *rq, const char *name); /* of the path; NULL: none */
/* Path steps behind the extension, "a/b"; "" when there are none. */
const char *request_subpath(const struct request *rq);
/* A form or query variable; NULL: none. */
const char *request_variable(const struct request *rq, const char *name);
size_t request_variables(const struct request *rq);
const char *request_variable_at(const struct request *rq, size_t i, const char **ret_name);
/* The command, an object: the form or query variable `json`, or a JSON body; NULL when there is none. Malformed
 * commands never reach a handler. */
const struct json_in *request_command(const struct request *rq);
struct reply_format request_format(const struct request *rq);
/* A text argument: the command's member, a number as its text, or the form variable of that name; NULL: none. */
const char *request_text(struct request *rq, const char *name);
const struct route *request_route(const struct request *rq); /* that it matched */
void *request_context(const struct request *rq);             /* serve_conf.ctx */
struct serve *request_serve(const struct request *rq);
const char *request_address(const struct request *rq); /* of the client, as text */
/* The name of the login, "" without one. */
const char *request_login(const struct request *rq);
const char *request_role(const struct request *rq);
/* The id of its session; "" when it came without the token of one. */
const char *request_session(const struct request *rq);
/* True if the request's own Basic login (or user= and password=) is right; cookies do not count. */
bool request_basic_login(struct request *rq);
/* Ends the session whose token came with the request, and removes the client's cookie; the login's other sessions
 * continue. */
void request_end_session(struct request *rq);
/* Checks the proof of who may set the login. Each counts as a guess of a password, and only routes of ROUTE_WORK
 * ask, as hashing takes its time. */
enum claim { CLAIM_RIGHT, CLAIM_WRONG, CLAIM_LATER /* too many guesses lately */ };
enum claim request_claim_token(struct request *rq, const char *token); /* of the first password */
enum claim request_claim_password(struct request *rq, const char *password);

/* The reply. Status 200 and the type of the path's extension unless set otherwise. */
struct buf *reply_buf(struct reply *rp);
void reply_type(struct reply *rp, const char *mime);
void reply_status(struct reply *rp, unsigned status);
/* Replaces what was written by a sentence. */
__attribute__((format(printf, 3, 4))) void reply_error(struct reply *rp, unsigned status, const char *format, ...);
/* Offers the reply as a file: of the name in the path's last step where the client chose it, else of what the path
 * names, such as KEY.pcapng. */
void reply_download(struct request *rq, struct reply *rp);
/* Names the object of a command in its audit message: a datasource. */
void reply_about(struct reply *rp, const char *name);

/* A reply that is made while it is sent. read() fills at most max bytes and returns how many, 0 when
 * there is nothing yet, or -1 at the end. ready() says whether read() would return something; NULL: a walk, which is
 * always ready: read() is called on the threads for walks, and ends early when budget_over() (base/budget.h). destroy()
 * is called once, whatever becomes of the connection. */
struct reply_source {
	ssize_t (*read)(void *ctx, char *p, size_t max);
	bool (*ready)(void *ctx);
	void (*destroy)(void *ctx);
};
void reply_stream(struct reply *rp, const struct reply_source *source, void *ctx);

struct serve;
/* Logins, for the endpoints that manage them. */
enum login_state {
	LOGIN_UNSET,  /* commands are refused; set_password asks for a token, serve/setup.h */
	LOGIN_FILE,   /* set by a user */
	LOGIN_GLOBAL, /* in the main configuration */
};
enum login_state serve_login_state(struct serve *s);
/* Sets the login; ERR_DENIED when it is global, ERR_MALFORMED for an empty name or password, else
 * what writing the file gave. */
int serve_set_password(struct serve *s, const char *username, const char *password);
/* A sentence on where the token of the first password is found. */
void serve_setup_where(const struct serve *s, char *ret_sentence, size_t size);
/* Sets the login in auth_file of that configuration, with no server running or beside one. As serve_set_password(). */
int serve_keep_password(const struct serve_conf *conf, const char *username, const char *password);

#define TOKEN_SIZE 33
/* A session: a login from somewhere. */
struct session_info {
	char id[17]; /* identifies it; not secret */
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	char address[64], agent[96]; /* of the client, and its User-Agent */
	uint64_t created, accessed;  /* seconds */
	bool listed, current;        /* it is shown; it is that of the request that lists them */
};

struct api_key {
	char token[TOKEN_SIZE]; /* "" for one of an earlier run, of which only the hash is known */
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	uint64_t created, accessed, expires; /* seconds; 0: never */
};
