#include "serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/address.h"
#include "serve/connection.h"
#include "serve/exchange.h"
#include "serve/framing.h"
#include "serve/private.h"

#define THREADS 4
#define CONNECTION_MEMORY ((size_t) 64 * 1024)
#define IDLE_TIMEOUT_SEC 30
#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" /* RFC 8996 ended the earlier ones */
#define PEM_SIZE_MAX (256 * 1024)

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
	return MHD_start_daemon(flags, 0, connection_accept, s, exchange_step, s, MHD_OPTION_THREAD_POOL_SIZE,
				(unsigned) THREADS, MHD_OPTION_CONNECTION_LIMIT, s->most_connections,
				MHD_OPTION_URI_LOG_CALLBACK, exchange_target, s, MHD_OPTION_UNESCAPE_CALLBACK,
				framing_unescape, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) IDLE_TIMEOUT_SEC, MHD_OPTION_NOTIFY_COMPLETED,
				exchange_done, s, MHD_OPTION_NOTIFY_CONNECTION, connection_change, s, MHD_OPTION_ARRAY,
				fd >= 0 ? listen : bind, MHD_OPTION_ARRAY, flags & MHD_USE_TLS ? tls : none,
				MHD_OPTION_END);
}

uint16_t listen_port(const struct serve *s)
{
	const union MHD_DaemonInfo *i =
		s->n_daemons ? MHD_get_daemon_info(s->daemons[0], MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return i ? i->port : 0;
}

static int start_tcp(struct serve *s, const char *text)
{
	uint16_t port = s->conf.port || !s->n_daemons ? (uint16_t) s->conf.port : listen_port(s);
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

int listen_start(struct serve *s)
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
