#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/doctor_network.h"
#include "app/doctor_checks.h"
#include "base/mem.h"
#include "conf/definition.h"

#define GPSD_PORT "2947"
#define PATIENCE_MS 2000

/* Binds or connects a TCP socket there: 0, or what errno says, or EAI_* as a negative number. */
static int try_address(const char *host, const char *port, bool connects)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = connects ? 0 : AI_PASSIVE | AI_NUMERICHOST},
			*found = NULL;
	int r = getaddrinfo(host, port, &hints, &found), fd, one = 1, error = 0;
	socklen_t size = sizeof(error);

	if (r)
		return r < 0 ? r : -r;
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || (connects ? connect : bind)(fd, found->ai_addr, found->ai_addrlen) < 0)
		error = errno;
	if (error == EINPROGRESS) {
		struct pollfd p = {fd, POLLOUT, 0};

		error = ETIMEDOUT;
		if (poll(&p, 1, PATIENCE_MS) == 1)
			(void) getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	}
	if (fd >= 0)
		(void) close(fd);
	freeaddrinfo(found);
	return error;
}

static const char *reason(int r)
{
	return r < 0 ? gai_strerror(r) : strerror(r);
}

static enum verdict check_address(const char *host, uint32_t port, const char *address_option, const char *port_option,
				  struct buf *say)
{
	char number[16];
	int r;

	(void) snprintf(number, sizeof(number), "%u", port);
	r = port ? try_address(host, number, false) : 0;
	if (say->len)
		buf_str(say, "; ");
	buf_printf(say, "%s port %u %s", host, port, r ? reason(r) : "is free");
	if (!r)
		return GOOD;
	if (r == EADDRINUSE)
		buf_printf(say, ": stop the program that uses it (ss -ltnp shows it; perhaps another norn), or set %s=",
			   port_option);
	else if (r == EACCES)
		buf_printf(say, ": ports below 1024 need a privilege; set %s=", port_option);
	else
		buf_printf(say, ": this machine has no such address (ip address); correct %s=", address_option);
	return MISSING;
}

enum verdict doctor_http(const struct app *a, struct buf *say)
{
	const struct string_list *all = &a->conf.serve.bind_addresses;
	enum verdict v = GOOD;

	for (size_t i = 0; i < all->n; i++)
		if (check_address(all->items[i], a->conf.serve.port, "httpd_bind_address", "httpd_port", say) != GOOD)
			v = MISSING;
	return v;
}

enum verdict doctor_sensors(const struct app *a, struct buf *say)
{
	const char *listen = or_empty(a->conf.capture.remote_listen);
	enum verdict v;

	if (!a->conf.capture.remote_enabled)
		return says(say, ABSENT,
			    "closed by remote_capture_enabled=false: sensors can connect by websocket only");
	v = check_address(listen, a->conf.capture.remote_port, "remote_capture_listen", "remote_capture_port", say);
	if (v == GOOD && !or_empty(a->conf.capture.remote_key)[0] && strncmp(listen, "127.", 4) != 0 &&
	    strcmp(listen, "::1") != 0)
		buf_str(say,
			"; every host that reaches it can add sources: remote_capture_key= asks sensors for a key");
	return v;
}

static enum verdict check_gpsd(const struct definition *d, struct buf *say)
{
	const char *host = definition_get(d, "host"), *port = definition_get(d, "port");
	int r = try_address(host ? host : "localhost", port ? port : GPSD_PORT, true);

	buf_printf(say, "gpsd at %s port %s %s", host ? host : "localhost", port ? port : GPSD_PORT,
		   r ? reason(r) : "answers");
	if (!r)
		return GOOD;
	return says(say, MISSING, ": apt install gpsd there, then: systemctl enable --now gpsd.socket");
}

static enum verdict check_line(const struct definition *d, struct buf *say)
{
	const char *device = definition_get(d, "device");

	if (!device || access(device, R_OK | W_OK) == 0) {
		buf_printf(say, "%s can be read", device ? device : "a serial line");
		return GOOD;
	}
	buf_printf(say, "%s: %s", device, strerror(errno));
	return says(say, MISSING,
		    errno == EACCES ? "; add this user to the group dialout and log in again"
				    : "; plug the receiver in, or correct gps=");
}

/* Each GPS of the configuration; without one, whether gpsd is here to be used. */
enum verdict doctor_gps(const struct app *a, struct buf *say)
{
	const struct string_list *all = &a->conf.locate.gps;
	enum verdict v = GOOD;

	if (all->n == 0) {
		if (try_address("127.0.0.1", GPSD_PORT, true) == 0)
			return says(say, GOOD, "gpsd answers on port " GPSD_PORT "; gps=gpsd:host=localhost uses it");
		return says(say, ABSENT,
			    "no gps= is set and no gpsd runs: packets have no positions; apt install gpsd, or "
			    "gps=serial:device=/dev/ttyACM0");
	}
	for (size_t i = 0; i < all->n; i++) {
		cleanup_free struct definition *d = xnew(struct definition, 1);

		buf_str(say, i ? "; " : "");
		if (definition_parse(all->items[i], d) < 0)
			v = says(say, MISSING, "a gps= is not valid; norn --check shows why");
		else if (strcmp(d->interface, "gpsd") == 0)
			v = check_gpsd(d, say) == GOOD ? v : MISSING;
		else if (strcmp(d->interface, "serial") == 0)
			v = check_line(d, say) == GOOD ? v : MISSING;
		else
			buf_printf(say, "%s needs nothing on this machine", d->interface);
	}
	return v;
}
