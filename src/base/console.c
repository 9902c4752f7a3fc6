#include "base/console.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned dropped; /* since it took the last one; under the lock */

static bool takes_some(int wait_ms)
{
	struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};
	int n;

	do
		n = poll(&p, 1, wait_ms);
	while (n < 0 && errno == EINTR);
	return n == 1 && (p.revents & POLLOUT);
}

/* A journal's socket says that there is room also where it is less than a line. */
static ssize_t write_some(const char *text, size_t n)
{
	ssize_t sent = send(STDERR_FILENO, text, n, MSG_DONTWAIT | MSG_NOSIGNAL);

	return sent < 0 && errno == ENOTSOCK ? write(STDERR_FILENO, text, n) : sent;
}

/* False when it stopped amid the text. */
static bool write_all(const char *text, size_t n, int wait_ms)
{
	while (n && takes_some(wait_ms)) {
		ssize_t sent = write_some(text, n);

		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (sent > 0) {
			text += sent;
			n -= (size_t) sent;
		}
	}
	return n == 0;
}

static void report_dropped(void)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "norn: %u lines are missing here: standard error was not read\n", dropped);

	if (write_all(text, (size_t) n, 0))
		dropped = 0;
}

void console_write(const char *text, size_t n)
{
	(void) pthread_mutex_lock(&lock);
	if (dropped && takes_some(0))
		report_dropped();
	if (!write_all(text, n, dropped ? 0 : WAIT_MS))
		dropped++;
	(void) pthread_mutex_unlock(&lock);
}
