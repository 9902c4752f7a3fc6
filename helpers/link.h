/* The way to the server: pipes, a socket, or TLS over a socket. One thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tls;
struct link {
	int in_fd, out_fd; /* -1: closed */
	struct tls *tls;   /* NULL: plain */
};

/* Secures a connected socket, which blocks meanwhile: the server must own a certificate of that
 * host which an authority of this machine signed, or of the file (PEM) when there is one. 0, or
 * negative with a sentence on stderr. */
int link_secure(struct link *l, const char *host, const char *certificates);
/* As read() and write(), but negative errno; -EAGAIN when nothing goes without waiting. After
 * -EAGAIN the same octets are written again. */
ssize_t link_read(struct link *l, void *p, size_t n);
ssize_t link_write(struct link *l, const void *p, size_t n);
/* Octets are there that poll() does not see. */
bool link_pending(const struct link *l);
/* From now on reading and writing do not wait. */
void link_unblock(struct link *l);
void link_close(struct link *l);
/* Closes a socket so that what was written arrives: says that no more comes, and reads until the other side closes, or
 * for that long. */
void link_finish(struct link *l, int most_ms);
