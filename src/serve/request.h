/* A request and its reply, for serve's own files. One belongs to one connection: the pool's thread,
 * then the work thread while the connection is suspended, never both. */
#pragma once
#include <microhttpd.h>
#include <stdatomic.h>

#include "base/budget.h"
#include "serve/login.h"
#include "serve/route.h"
#include "serve/session.h"
#include "serve/work.h"

struct waker;
struct late;
struct late_connection;
struct statics;
struct websockets;
struct websocket_kind;

#define BINDS_MAX 17 /* addresses and one Unix socket */

struct serve {
	struct serve_conf conf;
	struct MHD_Daemon *daemons[BINDS_MAX];
	unsigned n_daemons;
	bool loopback; /* every listener is */
	char *unix_path;
	char *tls_cert, *tls_key; /* PEM texts */
	struct logins *logins;
	struct sessions *sessions;
	struct waker *waker;
	struct work *work, *walks; /* who waits; who walks over devices */
	struct websockets *websockets;
	struct addresses *addresses;
	struct late *late;
	_Atomic bool stopping;
	_Atomic uint64_t requests, errors, connections, refused;
	_Atomic uint32_t open_connections, streams, pending;
	_Atomic uint64_t *answered; /* two a route: by GET, by POST */
};

struct variable_part;
struct variable {
	const char *name, *value;   /* both with NUL behind them */
	size_t n;                   /* of the value */
	struct variable_part *part; /* owns both; NULL: they lie in the query or the body */
};

struct stream; /* reply_stream.c */

struct reply {
	struct buf out;
	unsigned status;
	bool zipped; /* `out` is compressed */
	const char *mime;
	char disposition[640];                  /* "attachment; ...", or "" */
	char about[128];                        /* what a command was about, for the audit */
	const struct reply_source *source;      /* or NULL */
	const struct websocket_kind *websocket; /* or NULL */
	void *ctx;
};

/* Whom a reply is for. */
struct client {
	const struct serve *serve;
	int fd;
};
/* Makes it the one that the budget's work is for; it lives as long as the budget. */
void budget_for(struct budget *b, struct client *client, const struct request *rq);

struct request {
	struct serve *serve;
	struct MHD_Connection *connection;
	struct client client;
	struct budget budget;
	struct work_item item;
	struct route_match match;
	struct buf body;
	struct variable *variables;
	size_t n_variables, variables_cap;
	char path[128]; /* as it was asked for, for the audit; cut */
	struct json_in *command;
	struct reply reply;
	bool post, is_get, refused, suspended, handled, json_body;
	unsigned fault;       /* status of what was wrong before any handler, or 0 */
	const char *sentence; /* what it was */
	char reason[JSON_IN_ERROR_SIZE + 64];
	/* The login */
	char *user, *password; /* Basic, or user= and password= */
	bool basic_known, basic_right, token_right, session_made, cookie_ends;
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	char token[TOKEN_SIZE]; /* to be set as cookie, or "" */
	char address[64];
	struct late_connection *late; /* of its connection; NULL: nobody looks whether its requests come */
	uint64_t resume_us;           /* monotonic: a reply that is held back after a wrong login */
};

const char *request_header(const struct request *rq, const char *name);
/* Query, form and JSON into variables and command; sets fault when they cannot be read. */
void request_read_query(struct request *rq);
void request_read_body(struct request *rq);
void request_finish(struct request *rq);
/* 400, with rq->sentence, when the command's arguments are not those of its route; 0. */
unsigned arguments_refuse(struct request *rq);

/* Who asks: token, Basic login, user= and password=. UNPROVEN when a password must be hashed first. */
enum login_result access_identify(struct request *rq);
void access_prove(struct request *rq);
/* 0, or the status that refuses, with rq->sentence. */
unsigned access_refuse(struct request *rq);

enum MHD_Result reply_send(struct request *rq);
/* Makes the reply's beginning, and all of a small one, within the request's budget. Whoever runs the handler. */
void reply_make(struct request *rq);
/* Compresses it, if it is whole and the client wants that. */
void reply_zip(struct request *rq);
/* A response of a reply that is made while it is sent; takes its source. */
struct MHD_Response *reply_respond_stream(struct request *rq, bool gzip);
/* Answers with a static file; MHD_NO when there is none of that name. */
enum MHD_Result statics_send(struct request *rq, const char *root, const char *path);
const char *mime_of_path(const char *path);
/* Headers that every reply carries. */
void reply_common_headers(struct request *rq, struct MHD_Response *response);
