#include "serve/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/address.h"
#include "serve/framing.h"
#include "serve/request_timer.h"
#include "serve/peer.h"
#include "serve/request.h"
#include "serve/resumer.h"
#include "serve/websockets.h"
#include "serve/work.h"

#define THREADS 4
#define WORK_THREADS 4
#define WALK_THREADS 32 /* that share the processors fairly */
#define CONNECTION_MEMORY ((size_t) 64 * 1024)
#define IDLE_TIMEOUT_SEC 30
#define STOP_MS 1000 /* that streams have to end */
#define SERVE_NICE 10
#define BILLION UINT64_C(1000000000)
#define HALF_CLOSED_NS (BILLION / 5) /* of processor time for a client that may have closed */
#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" /* RFC 8996 ended the earlier ones */
#define PEM_SIZE_MAX (256 * 1024)

static const char *refusal_text(const struct request *rq, unsigned status)
{
	if (rq->sentence)
		return rq->sentence;
	return status == 405 ? "This endpoint does not take that method." : "There is no such endpoint.";
}

static void audit(const struct request *rq)
{
	const char *about = rq->reply.about;

	log_info("Command by '%s' from %s: %s%s%s%s, status %u", *rq->name ? rq->name : "anybody", rq->address,
		 rq->path, *about ? " of '" : "", about, *about ? "'" : "", rq->reply.status);
}

/* All work of a request but sending; the pool's thread or a work thread. */
static void handle(struct request *rq)
{
	const struct route *route = rq->match.route;
	unsigned refused;

	rq->handled = true;
	if (atomic_load(&rq->serve->stopping)) {
		reply_error(&rq->reply, 503, "The server is stopping.");
		return;
	}
	if (!route) {
		reply_error(&rq->reply, rq->match.status, "%s", refusal_text(rq, rq->match.status));
		return;
	}
	refused = access_refuse(rq);
	if (!refused && !rq->fault)
		request_read_body(rq);
	if (!refused)
		refused = rq->fault;
	if (!refused)
		refused = arguments_refuse(rq);
	if (!refused && (route->flags & ROUTE_WEBSOCKET))
		refused = websocket_refuse(rq);
	if (refused) {
		reply_error(&rq->reply, refused, "%s", rq->sentence);
		return;
	}
	budget_enter(&rq->budget);
	route->handle(rq, &rq->reply);
	reply_make(rq);
	budget_leave();
	if (route->flags & ROUTE_COMMAND)
		audit(rq);
	if (rq->reply.source && rq->reply.source->ready && limit_full(LIMIT_STREAMS, atomic_load(&rq->serve->streams)))
		reply_error(&rq->reply, 429,
			    "The limit of %u streams is reached; close one, or raise norn_max_streams.",
			    (unsigned) limit_of(LIMIT_STREAMS));
}

static struct request *request_of(struct work_item *item)
{
	return (struct request *) (void *) ((char *) item - offsetof(struct request, item));
}

static void run_handler(struct work_item *item)
{
	struct request *rq = request_of(item);

	handle(rq);
	reply_zip(rq);
	MHD_resume_connection(rq->connection);
}

/* The connection is suspended. */
static void add_work(struct request *rq, struct work *to, void (*run)(struct work_item *item))
{
	rq->item.run = run;
	if (work_add(to, &rq->item, false))
		return;
	rq->handled = true;
	reply_error(&rq->reply, 503, "The server is too busy; try again later.");
	MHD_resume_connection(rq->connection);
}

static void run_proof(struct work_item *item)
{
	struct request *rq = request_of(item);

	access_prove(rq);
	if (rq->match.route->flags & ROUTE_WORK)
		run_handler(item);
	else
		add_work(rq, rq->serve->walks, run_handler);
}

/* Handlers that may wait or list records run elsewhere, so that the pool's threads stay free. */
static bool takes_long(const struct route *r)
{
	return (r->flags & ROUTE_WORK) || r->shape == SHAPE_LIST || r->shape == SHAPE_PAGE ||
	       r->shape == SHAPE_OBJECT || r->shape == SHAPE_WRAPPED;
}

static bool to_work(struct request *rq)
{
	const struct route *r = rq->match.route;
	bool unproven = r && !rq->handled && access_identify(rq) == LOGIN_UNPROVEN;

	if (rq->handled || !r || (!unproven && !takes_long(r)))
		return false;
	MHD_suspend_connection(rq->connection);
	add_work(rq, unproven || (r->flags & ROUTE_COMMAND) ? rq->serve->work : rq->serve->walks,
		 unproven ? run_proof : run_handler);
	return true;
}

static uint8_t method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return METHOD_GET;
	return strcmp(method, "POST") == 0 ? METHOD_POST : 0;
}

static const char *without_prefix(const struct serve *s, const char *url)
{
	size_t n = s->conf.uri_prefix ? strlen(s->conf.uri_prefix) : 0;

	while (n && s->conf.uri_prefix[n - 1] == '/')
		n--;
	return n && strncmp(url, s->conf.uri_prefix, n) == 0 && (url[n] == '/' || !url[n]) ? url + n : url;
}

/* Serving yields to capture: once for each of the pool's threads. */
static void be_nice(void)
{
	static _Thread_local bool done;

	if (!done)
		(void) setpriority(PRIO_PROCESS, 0, SERVE_NICE);
	done = true;
}

/* Whether connections are counted by address: not those of a trusted proxy, which has many clients. */
static bool may_connect(struct serve *s, const struct sockaddr *peer, unsigned times)
{
	char text[64];

	if (addresses_may(s->addresses, peer, times))
		return true;
	address_format(peer, text, sizeof(text));
	return proxies_trust(&s->proxies, text);
}

static struct request_timer *request_timer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

/* A client that has sent everything may have shut its half of the connection and wait for the reply: it gets a little
 * processor time before it counts as closed. */
static bool client_is_lost(const void *x)
{
	const struct client *c = x;
	bool patient = c->is_reported || c->budget->left_ns + HALF_CLOSED_NS > c->serve->conf.request_sec * BILLION;

	return atomic_load(&c->serve->stopping) || (patient ? peer_is_deaf(c->fd) : peer_has_closed(c->fd));
}

void budget_for(struct budget *b, struct client *client, const struct request *rq)
{
	*client = (struct client){.serve = rq->serve, .budget = b, .fd = peer_fd(rq->connection)};
	b->vain = client_is_lost;
	b->x = client;
}

/* The request begins to come: its target is there, and its head is not. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *c)
{
	struct request *rq = xnew(struct request, 1);

	rq->serve = ctx;
	rq->connection = c;
	if (target) {
		char *own = (char *) (uintptr_t) target; /* in the connection's own memory */

		framing_note_target(&rq->target, own);
		request_take_query(rq, own);
		framing_cut_target(&rq->target, own);
	}
	return rq;
}

static void begin(struct request *rq, const char *url, const char *method)
{
	struct MHD_Connection *c = rq->connection;
	struct serve *s = rq->serve;

	be_nice();
	rq->begun = true;
	(void) atomic_fetch_add(&s->requests, 1);
	rq->budget.left_ns = s->conf.request_sec * BILLION;
	budget_for(&rq->budget, &rq->client, rq);
	rq->reply.status = 200;
	rq->post = strcmp(method, "POST") == 0;
	rq->is_get = strcmp(method, "GET") == 0;
	if (strlen(url) >= SERVE_PATH_MAX) {
		rq->match.status = 414;
		(void) snprintf(rq->reason, sizeof(rq->reason), "The path is longer than %d octets.",
				SERVE_PATH_MAX - 1);
		rq->sentence = rq->reason;
	} else {
		url = without_prefix(s, url);
		route_find(s->conf.tables, url, method_of(method), &rq->match);
	}
	(void) air_text((const uint8_t *) url, strlen(url), rq->path, sizeof(rq->path));
	rq->reply.mime = mime_of_path(!rq->match.extension[0] ? ".txt" : rq->match.subpath[0] ? ".json" : url);
	if (s->conf.flat_ekjson && strcmp(rq->match.extension, "ekjson") == 0)
		rq->match.format.fields = FIELD_FORMAT_FLAT;
	origin_note(rq);
	rq->request_timers = request_timer_of(c);
	if (rq->request_timers && rq->request_timers->refused) {
		rq->match.route = NULL;
		rq->match.status = 429;
		rq->sentence = "Your address has reached its limit of connections (norn_max_address_connections).";
	}
	request_read_query(rq);
	if (rq->match.route) {
		enum login_result r = access_identify(rq);

		rq->refused = r != LOGIN_UNPROVEN && r != LOGIN_LATER && access_refuse(rq) != 0;
	}
}

static enum MHD_Result keep_body(struct request *rq, const char *data, size_t *n)
{
	if (rq->match.route && !rq->refused && rq->body.len + *n > limit_of(LIMIT_BODY)) {
		limit_hit(LIMIT_BODY);
		rq->fault = 413;
		(void) snprintf(rq->reason, sizeof(rq->reason),
				"The request's body is larger than %llu octets (norn_max_body).",
				(unsigned long long) limit_of(LIMIT_BODY));
		rq->sentence = rq->reason;
		buf_clear(&rq->body);
		rq->refused = true;
	} else if (rq->match.route && !rq->refused) {
		buf_add(&rq->body, data, *n);
	}
	*n = 0;
	return MHD_YES;
}

static bool is_home_page(const char *url)
{
	return strspn(url, "/") == strlen(url);
}

/* /plugin/NAME/FILE out of the plugin's own folder. */
static enum MHD_Result send_plugin_file(struct request *rq, const char *url)
{
	static const char prefix[] = "/plugin/";
	const struct serve_conf *c = &rq->serve->conf;
	char folder[4096];
	size_t n;

	if (!c->plugin_folder || !rq->is_get || strncmp(url, prefix, sizeof(prefix) - 1) != 0)
		return MHD_NO;
	url += sizeof(prefix) - 1;
	n = strcspn(url, "/");
	if (!url[n] || !c->plugin_folder(c->ctx, url, n, folder, sizeof(folder)))
		return MHD_NO;
	return statics_send(rq, folder, url + n, PAGES_PLUGIN);
}

static enum MHD_Result answer(struct request *rq, const char *url, const char *method)
{
	struct serve *s = rq->serve;
	bool home = s->conf.home && method_of(method) == METHOD_GET && rq->match.status != 429;

	if (strcmp(method, "OPTIONS") == 0 && s->conf.allow_cors) {
		rq->handled = true;
		rq->reply.status = 200;
		return reply_send(rq);
	}
	url = without_prefix(s, url);
	if (home && ((!rq->match.route && rq->match.status == 404) || is_home_page(url)) &&
	    statics_send(rq, s->conf.home, url, PAGES_HOME) == MHD_YES)
		return MHD_YES;
	if (!rq->match.route && rq->match.status == 404 && send_plugin_file(rq, url) == MHD_YES)
		return MHD_YES;
	if (!rq->handled && rq->match.route && access_wait(rq))
		return MHD_YES;
	if (to_work(rq))
		return MHD_YES;
	if (!rq->handled) {
		handle(rq);
		reply_zip(rq);
	}
	return access_hold_back(rq) ? MHD_YES : reply_send(rq);
}

/* False, and replied, when the request's head is not what it must be: at once, whatever would follow. */
static bool framed(struct request *rq, const char *method, const char *url, const char *version)
{
	unsigned status = framing_refuse(rq->connection, &rq->target, method, url, version, &rq->sentence);

	if (!status)
		return true;
	rq->match.route = NULL;
	rq->handled = rq->last = true;
	reply_error(&rq->reply, status, "%s", rq->sentence);
	return false;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
				  const char *version, const char *data, size_t *n, void **state)
{
	struct request *rq = *state;

	(void) ctx;
	(void) c;
	if (!rq->begun) {
		begin(rq, url, method);
		return framed(rq, method, url, version) ? MHD_YES : reply_send(rq);
	}
	if (*n)
		return keep_body(rq, data, n);
	if (!rq->whole) { /* the library goes on to a state in which it reads nothing, so that no end of it stops the
			     reply */
		rq->whole = true;
		return MHD_YES;
	}
	return request_timer_answer(rq->serve->request_timers, rq->request_timers) ? answer(rq, url, method) : MHD_NO;
}

static void on_done(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
	struct serve *s = ctx;

	(void) code;
	resumer_remove(s->resumer, c);
	if (*state) {
		struct request *rq = *state;

		if (rq->reply.status != 101) /* a websocket has no end of its own */
			request_timer_done(s->request_timers, rq->request_timers);
		request_finish(rq);
	}
	*state = NULL;
}

static const struct sockaddr *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return i ? i->client_addr : NULL;
}

/* What is remembered of a connection; only of plain TCP, as a reply to others is impossible before they ask. */
static struct request_timer *find_or_add(struct serve *s, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct sockaddr *peer = peer_of(c);
	struct request_timer *l;

	if (!fd || !peer || peer->sa_family == AF_UNIX || s->conf.tls)
		return NULL;
	l = request_timer_begin(s->request_timers, fd->connect_fd);
	l->refused = !may_connect(s, peer, 1);
	return l;
}

static void on_connection(void *ctx, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode code)
{
	struct serve *s = ctx;
	bool begins = code == MHD_CONNECTION_NOTIFY_STARTED;

	if (begins)
		peer_watch(peer_fd(c));
	if (begins)
		*state = find_or_add(s, c);
	else
		request_timer_end(s->request_timers, *state);
	addresses_change(s->addresses, peer_of(c), begins ? 1 : -1);
	descriptors_connection(begins ? 1 : -1);
	(void) atomic_fetch_add(&s->open_connections, begins ? 1 : (uint32_t) -1);
	if (begins)
		(void) atomic_fetch_add(&s->connections, 1);
}

static enum MHD_Result on_accept(void *ctx, const struct sockaddr *address, socklen_t size)
{
	struct serve *s = ctx;

	(void) size;
	if (may_connect(s, address, s->conf.tls ? 1 : 2)) /* connections above the limit get a reply that says why */
		return MHD_YES;
	(void) atomic_fetch_add(&s->refused, 1);
	return MHD_NO;
}

union any_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int parse_address(const char *text, uint16_t port, union any_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, text, &ret->v4.sin_addr) == 1) {
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons(port);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &ret->v6.sin6_addr) == 1) {
		ret->v6.sin6_family = AF_INET6;
		ret->v6.sin6_port = htons(port);
		return 0;
	}
	return log_error(ERR_MALFORMED, "httpd_bind_address: '%s' is neither an IPv4 nor an IPv6 address", text);
}

static struct MHD_Daemon *start_daemon(struct serve *s, const struct sockaddr *address, int fd)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ITC;
	struct MHD_OptionItem listen[] = {{MHD_OPTION_LISTEN_SOCKET, fd, NULL}, {MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem bind[] = {{MHD_OPTION_SOCK_ADDR, 0, (void *) (uintptr_t) address},
					{MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls_key},
				       {MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls_cert},
				       {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *) (uintptr_t) TLS_VERSIONS},
				       {MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	if (s->tls_key && fd < 0)
		flags |= MHD_USE_TLS;
	if (fd < 0 && address->sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(flags, 0, on_accept, s, on_request, s, MHD_OPTION_THREAD_POOL_SIZE, (unsigned) THREADS,
				MHD_OPTION_CONNECTION_LIMIT, s->most_connections, MHD_OPTION_URI_LOG_CALLBACK,
				on_target, s, MHD_OPTION_UNESCAPE_CALLBACK, framing_unescape, NULL,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
				(unsigned) IDLE_TIMEOUT_SEC, MHD_OPTION_NOTIFY_COMPLETED, on_done, s,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_ARRAY,
				fd >= 0 ? listen : bind, MHD_OPTION_ARRAY, flags & MHD_USE_TLS ? tls : none,
				MHD_OPTION_END);
}

static int start_tcp(struct serve *s, const char *text)
{
	uint16_t port = s->conf.port || !s->n_daemons ? (uint16_t) s->conf.port : serve_port(s);
	union any_address address;
	int r = parse_address(text, port, &address);

	if (r < 0)
		return r;
	if (s->n_daemons == BINDS_MAX - 1)
		return log_error(ERR_LIMIT, "httpd_bind_address: at most %d addresses", BINDS_MAX - 1);
	errno = 0;
	s->daemons[s->n_daemons] = start_daemon(s, &address.any, -1);
	if (!s->daemons[s->n_daemons])
		return log_error(ERR_DENIED,
				 "Cannot listen on %s port %u: %s. Is another server there? "
				 "httpd_port= chooses another port.",
				 text, port, errno ? strerror(errno) : "the HTTP library refused");
	s->n_daemons++;
	return 0;
}

/* The socket is the owner's and group's; an old one of that name without a server is replaced. */
static int start_unix(struct serve *s, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat st;
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return log_error(ERR_LIMIT, "httpd_unix_socket: '%s' is too long for a socket", path);
	(void) strcpy(address.sun_path, path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void) unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) != 0 || chmod(path, 0660) != 0 ||
	    listen(fd, 64) != 0) {
		int r = log_error(-errno, "Cannot listen on '%s': %s", path, strerror(errno));

		if (fd >= 0)
			(void) close(fd);
		return r;
	}
	s->unix_path = xstrdup(path);
	s->daemons[s->n_daemons] = start_daemon(s, NULL, fd);
	if (!s->daemons[s->n_daemons]) {
		(void) close(fd);
		return log_error(ERR_DENIED, "Cannot serve on '%s'", path);
	}
	s->n_daemons++;
	return 0;
}

static char *read_pem(const char *option, const char *path)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	char *text;
	size_t n;

	if (!f) {
		log_write(LOG_LEVEL_ERROR, "%s: cannot read '%s': %s", option, path, strerror(errno));
		return NULL;
	}
	text = xalloc(PEM_SIZE_MAX + 1);
	n = fread(text, 1, PEM_SIZE_MAX, f);
	text[n] = '\0';
	return text;
}

static unsigned connections_that_fit(void)
{
	unsigned wanted = (unsigned) limit_of(LIMIT_CONNECTIONS), fit = descriptors_for_connections(wanted);

	if (fit < wanted)
		log_warning("Only %llu files may be open at a time (ulimit -n): %u HTTP connections are taken instead "
			    "of %u",
			    descriptors_most(), fit, wanted);
	return fit;
}

static int start_listening(struct serve *s)
{
	const struct string_list *addresses = &s->conf.bind_addresses;
	int r = 0;

	if (s->conf.tls) {
		s->tls_cert = read_pem("httpd_ssl_cert", or_empty(s->conf.tls_cert));
		s->tls_key = read_pem("httpd_ssl_key", or_empty(s->conf.tls_key));
		if (!s->tls_cert || !s->tls_key)
			return ERR_NOT_FOUND;
	}
	for (size_t i = 0; i < addresses->n && r >= 0; i++) { /* known before the first request */
		union any_address address;

		r = parse_address(addresses->items[i], 0, &address);
		s->loopback &= r >= 0 && address_is_loopback(&address.any);
	}
	s->guard.loopback = s->loopback;
	s->most_connections = connections_that_fit();
	for (size_t i = 0; i < addresses->n && r >= 0; i++)
		r = start_tcp(s, addresses->items[i]);
	if (r >= 0 && s->conf.unix_socket)
		r = start_unix(s, s->conf.unix_socket);
	return r;
}

/* Makes the records ready that routes name, so that the schema lists them. How many routes there are. */
static size_t prepare_records(const struct route_table *const *tables)
{
	const struct route *r;
	size_t n = 0;

	for (; (r = route_at(tables, n)); n++)
		if (r->record)
			field_prepare(r->record);
	for (; *tables; tables++)
		for (struct field_table *const *more = (*tables)->records; more && *more; more++)
			field_prepare(*more);
	return n;
}

/* Settings of the guard and of trusted proxies. */
static int prepare_guard(struct serve *s)
{
	const struct serve_conf *c = &s->conf;

	if (gethostname(s->hostname, sizeof(s->hostname) - 1) != 0)
		s->hostname[0] = '\0';
	for (size_t i = 0; i < c->trusted_proxies.n; i++)
		if (!proxies_add(&s->proxies, c->trusted_proxies.items[i]))
			return log_error(ERR_MALFORMED,
					 "httpd_trusted_proxy: '%s' is neither an address, with or without a mask, nor "
					 "'unix'; at most %d are taken",
					 c->trusted_proxies.items[i], PROXIES_MAX);
	for (size_t i = 0; i < c->allowed_hosts.n; i++) {
		struct authority a;

		if (!authority_parse(c->allowed_hosts.items[i], &a))
			return log_error(
				ERR_MALFORMED,
				"httpd_allowed_host: '%s' is not a host name; give it without 'http://' and path",
				c->allowed_hosts.items[i]);
	}
	s->guard = (struct guard_conf){.hostname = s->hostname,
				       .allowed_hosts = &c->allowed_hosts,
				       .allowed_origin = c->allow_cors ? c->allowed_origin : NULL};
	return 0;
}

int serve_start(const struct serve_conf *conf, struct serve **ret_serve)
{
	struct serve *s = xnew(struct serve, 1);
	size_t n = prepare_records(conf->tables);
	int r;

	s->conf = *conf;
	s->own_home = statics_are_own(conf->home);
	s->answered = xnew(_Atomic uint64_t, 2 * n + 1);
	s->loopback = true;
	owner_start(s);
	s->guesses = guesses_create();
	s->token_guesses = guesses_create();
	s->addresses = addresses_create();
	s->request_timers = request_timers_create();
	s->resumer = resumer_start();
	s->work = work_start(WORK_THREADS, 0); /* sources' threads come of these, and must not be nice */
	s->walks = work_start(WALK_THREADS, SERVE_NICE);
	s->websockets = websockets_start();
	r = prepare_guard(s);
	if (r >= 0)
		r = start_listening(s);
	if (r < 0) {
		serve_stop(s);
		return r;
	}
	owner_ask(s);
	*ret_serve = s;
	return 0;
}

uint16_t serve_port(const struct serve *s)
{
	const union MHD_DaemonInfo *i =
		s->n_daemons ? MHD_get_daemon_info(s->daemons[0], MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return i ? i->port : 0;
}

static void wait_for_streams(struct serve *s)
{
	struct timespec pause = {.tv_nsec = 10000000};

	for (int ms = 0; ms < STOP_MS && atomic_load(&s->streams); ms += 10)
		(void) nanosleep(&pause, NULL);
}

void serve_stop(struct serve *s)
{
	if (!s)
		return;
	atomic_store(&s->stopping, true);
	work_stop(s->work);
	work_stop(s->walks);
	resumer_stop(s->resumer);
	websockets_stop(s->websockets);
	wait_for_streams(s);
	for (unsigned i = 0; i < s->n_daemons; i++)
		MHD_stop_daemon(s->daemons[i]);
	if (s->unix_path)
		(void) unlink(s->unix_path);
	work_destroy(s->work);
	work_destroy(s->walks);
	websockets_destroy(s->websockets);
	resumer_destroy(s->resumer);
	addresses_destroy(s->addresses);
	request_timers_destroy(s->request_timers);
	owner_stop(s);
	guesses_destroy(s->guesses);
	guesses_destroy(s->token_guesses);
	free(s->unix_path);
	free(s->tls_cert);
	free(s->tls_key);
	free(s->answered);
	free(s);
}

void serve_tick(struct serve *s)
{
	(void) atomic_fetch_add(&s->errors, request_timers_tick(s->request_timers));
	owner_tick(s);
}

const struct route_table *const *serve_tables(const struct serve *s)
{
	return s->conf.tables;
}

void serve_count(struct serve *s, struct serve_counts *ret_counts)
{
	*ret_counts = (struct serve_counts){.requests = atomic_load(&s->requests),
					    .errors = atomic_load(&s->errors),
					    .connections = atomic_load(&s->connections),
					    .refused = atomic_load(&s->refused),
					    .open_connections = atomic_load(&s->open_connections),
					    .streams = atomic_load(&s->streams),
					    .sessions = sessions_count(s->sessions),
					    .websockets = websockets_open(s->websockets)};
}

uint64_t serve_answered(const struct serve *s, size_t route, enum method method)
{
	return atomic_load(&s->answered[2 * route + (method == METHOD_POST)]);
}

uint32_t serve_session_list(struct serve *s, struct session_info *ret_infos, uint32_t max)
{
	return sessions_list(s->sessions, ret_infos, max);
}

int serve_session_end(struct serve *s, const char *id)
{
	return sessions_end(s->sessions, id);
}

int serve_key_create(struct serve *s, const char *name, const char *role, uint64_t seconds, char ret_token[TOKEN_SIZE])
{
	return sessions_add_key(s->sessions, name, role, seconds, ret_token);
}

int serve_key_revoke(struct serve *s, const char *name)
{
	return sessions_revoke(s->sessions, name);
}

uint32_t serve_key_list(struct serve *s, struct api_key *ret_keys, uint32_t max)
{
	return sessions_keys(s->sessions, ret_keys, max);
}
