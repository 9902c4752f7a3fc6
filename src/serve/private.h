/* Private to serve: a server, a request and its reply. A request and its reply belong to one connection: the pool's
 * thread, then the work thread while the connection is suspended, never both. */
#pragma once
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "serve/framing.h"
#include "serve/guard.h"
#include "serve/options.h"
#include "serve/proxy.h"
#include "serve/route.h"
#include "serve/session.h"
#include "serve/work.h"

struct addresses;
struct guesses;
struct logins;
struct request_timer;
struct request_timers;
struct resumer;
struct setup;
struct websocket_kind;
struct websockets;

#define SERVE_NICE 10 /* serving yields to capture */
#define BINDS_MAX 17  /* addresses and one Unix socket */

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

struct variable_part; /* request.c */
struct variable {
	const char *name, *value;   /* both with NUL behind them */
	size_t n;                   /* of the value */
	struct variable_part *part; /* owns both; NULL: they lie in the query or the body */
};

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
