/* A request and its reply, for serve's own files. One belongs to one connection: the pool's thread,
 * then the work thread while the connection is suspended, never both. */
#pragma once
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/budget.h"
#include "serve/framing.h"
#include "serve/guard.h"
#include "serve/guesses.h"
#include "serve/login.h"
#include "serve/route.h"
#include "serve/session.h"
#include "serve/setup.h"
#include "serve/work.h"

struct resumer;
struct request_timers;
struct request_timer;
struct statics;
struct websockets;
struct websocket_kind;

#define BINDS_MAX 17 /* addresses and one Unix socket */

struct serve {
	struct serve_conf conf;
	struct MHD_Daemon *daemons[BINDS_MAX];
	unsigned n_daemons;
	unsigned most_connections; /* of each */
	bool loopback;             /* every listener is */
	bool own_home;             /* conf.home holds norn's own pages */
	char *unix_path;
	char *tls_cert, *tls_key; /* PEM texts */
	struct logins *logins;
	struct sessions *sessions;
	struct guesses *guesses, *token_guesses; /* of passwords; of tokens */
	pthread_mutex_t setup_lock;
	struct setup *setup; /* while no login is set; under its lock */
	struct proxies proxies;
	struct guard_conf guard;
	char hostname[256];
	_Atomic uint32_t waiting; /* for their turn to guess */
	struct resumer *resumer;
	struct work *work, *walks; /* for handlers that wait; for walks over devices */
	struct websockets *websockets;
	struct addresses *addresses;
	struct request_timers *request_timers;
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

/* The connection that a reply is for. */
struct client {
	const struct serve *serve;
	const struct budget *budget;
	int fd;
	bool is_reported; /* its reply has begun: the peer counts as present until it closes */
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
	struct framing_target target;
	char *query; /* behind the path's '?'; NULL: none */
	struct variable *variables;
	size_t n_variables, variables_cap;
	char path[128]; /* as it was asked for, for the audit; cut */
	struct json_in *command;
	struct reply reply;
	bool post, is_get, refused, suspended, handled, json_body;
	bool begun;           /* its head is there */
	bool whole;           /* and its body */
	bool last;            /* the connection ends with the reply */
	unsigned fault;       /* status of what was wrong before any handler, or 0 */
	const char *sentence; /* the sentence */
	char reason[JSON_IN_ERROR_SIZE + 64];
	/* The login */
	char *user, *password; /* Basic, or user= and password= */
	bool basic_known, basic_right, token_right, token_wrong, cookie_ends;
	bool token_late;                  /* its token is wrong, as too many were lately */
	bool may_guess;                   /* its turn to guess has come */
	bool claim_wrong;                 /* a token or an old password that it named is not right */
	bool trusted, reported;           /* it comes from a trusted proxy; which names the client */
	bool waits;                       /* it is one of those that wait for their turn */
	uint64_t wait_until_us;           /* monotonic: when it is refused instead; 0: it did not wait yet */
	struct forwarded_as forwarded_as; /* of `reported` */
	char session[17];                 /* id of the session, "" without one */
	char refusal[GUARD_SENTENCE_SIZE];
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	char token[TOKEN_SIZE];               /* to be set as cookie, or "" */
	char address[64], peer[64];           /* of the client; of the other end, which may be a proxy */
	struct request_timer *request_timers; /* of its connection; NULL: its requests are not timed */
	uint64_t resume_us;                   /* monotonic: a reply that is held back after a wrong login */
};

const char *request_header(const struct request *rq, const char *name);
/* Takes the query off the request's target before the library splits it, as that has room for few variables, and none
 * to say so. */
void request_take_query(struct request *rq, char *target);
/* Query, form and JSON into variables and command; sets fault when they cannot be read. */
void request_read_query(struct request *rq);
void request_read_body(struct request *rq);
void request_finish(struct request *rq);
/* 400, with rq->sentence, when the command's arguments are not those of its route; 0. */
unsigned arguments_refuse(struct request *rq);

/* Reads the login and its sessions, silently; then reports the token of the first password, once it is known that the
 * server serves. */
void owner_start(struct serve *s);
void owner_ask(struct serve *s);
void owner_stop(struct serve *s);
void owner_tick(struct serve *s);

/* Sets the request's client: the peer, or the client that a trusted proxy names. */
void origin_note(struct request *rq);
/* 0, or 403 with rq->sentence: the guard of routes that change something. */
unsigned origin_refuse(struct request *rq);
/* Whether the client's connection, to a proxy or to norn, is encrypted. */
bool origin_is_tls(const struct request *rq);
/* The name of the header by which a proxy, trusted or not, names another client, or NULL. */
const char *origin_proxy_header(const struct request *rq);
/* The client's User-Agent; "" when it has none. */
const char *origin_agent(const struct request *rq);
/* A page of another site asks through a browser. */
bool origin_is_foreign(const struct request *rq);
/* The Host header names this machine by loopback, or there is none. */
bool origin_host_is_loopback(const struct request *rq);

/* Authenticates the caller: token, Basic login, user= and password=. UNPROVEN when a password must be hashed first,
 * LATER when its client has made too many guesses. */
enum login_result access_identify(struct request *rq);
void access_prove(struct request *rq);
/* Suspends a request whose client has to wait with its guess, for its turn; false when it need not, or waited enough.
 */
bool access_wait(struct request *rq);
/* Suspends a reply to a wrong login for a while; false when there is no need to. */
bool access_hold_back(struct request *rq);
/* 0, or the status that refuses, with rq->sentence. */
unsigned access_refuse(struct request *rq);

enum MHD_Result reply_send(struct request *rq);
/* Makes the reply's beginning, and all of a small one, within the request's budget. On the thread that runs the
 * handler. */
void reply_make(struct request *rq);
/* Compresses it, if it is whole and the client wants that. */
void reply_zip(struct request *rq);
/* A response of a reply that is made while it is sent; takes its source. */
struct MHD_Response *reply_respond_stream(struct request *rq, bool gzip);
/* Answers with a static file; MHD_NO when there is none of that name. */
enum pages { PAGES_HOME, PAGES_PLUGIN };
enum MHD_Result statics_send(struct request *rq, const char *root, const char *path, enum pages pages);
/* True when the folder's index.html says that it is norn's. */
bool statics_are_own(const char *root);
const char *mime_of_path(const char *path);
/* Headers that every reply carries. */
void reply_common_headers(struct request *rq, struct MHD_Response *response);
