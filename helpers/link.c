#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define HANDSHAKE_MS 10000

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
};

static void tls_free(struct tls *t)
{
	if (t->session)
		gnutls_deinit(t->session);
	if (t->trust)
		gnutls_certificate_free_credentials(t->trust);
	free(t);
}

/* Which authorities are trusted: their number, or negative. */
static int trust(struct tls *t, const char *certificates)
{
	int r = gnutls_certificate_allocate_credentials(&t->trust);

	if (r < 0)
		return r;
	if (!certificates)
		return gnutls_certificate_set_x509_system_trust(t->trust);
	r = gnutls_certificate_set_x509_trust_file(t->trust, certificates, GNUTLS_X509_FMT_PEM);
	if (r <= 0)
		(void) fprintf(stderr, "--ssl-certificate=%s: no certificate can be read there; expected a PEM file\n",
			       certificates);
	return r == 0 ? GNUTLS_E_NO_CERTIFICATE_FOUND : r;
}

static int set_up(struct tls *t, int fd, const char *host)
{
	int r = gnutls_init(&t->session, GNUTLS_CLIENT);

	if (r >= 0)
		r = gnutls_set_default_priority(t->session);
	if (r >= 0)
		r = gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->trust);
	if (r < 0)
		return r;
	(void) gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, host, strlen(host));
	gnutls_session_set_verify_cert(t->session, host, 0);
	gnutls_handshake_set_timeout(t->session, HANDSHAKE_MS);
	gnutls_transport_set_int(t->session, fd);
	do
		r = gnutls_handshake(t->session);
	while (r < 0 && !gnutls_error_is_fatal(r));
	return r;
}

/* Why the certificate was not taken, in the library's words. */
static void report_refused(const struct tls *t, const char *host, int r)
{
	gnutls_datum_t words = {0};

	if (r == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR &&
	    gnutls_certificate_verification_status_print(gnutls_session_get_verify_cert_status(t->session),
							 gnutls_certificate_type_get(t->session), &words, 0) >= 0)
		(void) fprintf(
			stderr,
			"The certificate of '%s' is not trusted: %s Give its certificate by --ssl-certificate=FILE\n",
			host, (const char *) words.data);
	else
		(void) fprintf(stderr, "Cannot connect to '%s' by TLS: %s. Does its server have httpd_ssl=true?\n",
			       host, gnutls_strerror(r));
	gnutls_free(words.data);
}

int link_secure(struct link *l, const char *host, const char *certificates)
{
	struct tls *t = xnew(struct tls, 1);
	int r = trust(t, certificates);

	if (r >= 0) {
		r = set_up(t, l->in_fd, host);
		if (r < 0)
			report_refused(t, host, r);
	}
	if (r < 0) {
		tls_free(t);
		return -EACCES;
	}
	l->tls = t;
	return 0;
}

static ssize_t tls_result(ssize_t r)
{
	if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED)
		return -EAGAIN;
	return r < 0 ? -EPIPE : r;
}

ssize_t link_read(struct link *l, void *p, size_t n)
{
	ssize_t r;

	if (l->tls)
		return tls_result(gnutls_record_recv(l->tls->session, p, n));
	r = read(l->in_fd, p, n);
	if (r < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return r;
}

ssize_t link_write(struct link *l, const void *p, size_t n)
{
	ssize_t r;

	if (l->tls)
		return tls_result(gnutls_record_send(l->tls->session, p, n));
	do
		r = write(l->out_fd, p, n);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : r;
}

bool link_pending(const struct link *l)
{
	return l->tls && gnutls_record_check_pending(l->tls->session) > 0;
}

void link_unblock(struct link *l)
{
	(void) fcntl(l->in_fd, F_SETFL, fcntl(l->in_fd, F_GETFL) | O_NONBLOCK);
	(void) fcntl(l->out_fd, F_SETFL, fcntl(l->out_fd, F_GETFL) | O_NONBLOCK);
}

void link_close(struct link *l)
{
	if (l->tls) {
		(void) gnutls_bye(l->tls->session, GNUTLS_SHUT_WR);
		tls_free(l->tls);
	}
	if (l->in_fd >= 0)
		(void) close(l->in_fd);
	if (l->out_fd >= 0 && l->out_fd != l->in_fd)
		(void) close(l->out_fd);
	*l = (struct link){-1, -1, NULL};
}

/* A socket that is closed with octets unread resets the connection, and what was written is lost.
 */
void link_finish(struct link *l, int most_ms)
{
	uint64_t end = clock_monotonic_us() + (uint64_t) most_ms * 1000, now;
	struct pollfd ready = {.fd = l->in_fd, .events = POLLIN};
	char unread[4096];

	if (l->tls)
		(void) gnutls_bye(l->tls->session, GNUTLS_SHUT_WR);
	(void) shutdown(l->out_fd, SHUT_WR);
	while ((now = clock_monotonic_us()) < end && poll(&ready, 1, (int) ((end - now) / 1000) + 1) > 0)
		if (read(l->in_fd, unread, sizeof(unread)) <= 0)
			break;
	link_close(l);
}
