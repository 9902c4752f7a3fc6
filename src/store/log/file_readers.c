#include "store/log/file_readers.h"

#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

struct file_readers {
	int fd;
	unsigned open;     /* that have it open */
	uint64_t since_us; /* monotonic: the latest open */
};

struct file_readers *file_readers_create(const char *path)
{
	struct file_readers *r = xnew(struct file_readers, 1);

	r->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->fd >= 0 && inotify_add_watch(r->fd, path, IN_OPEN | IN_CLOSE) >= 0)
		return r;
	file_readers_destroy(r);
	return NULL;
}

void file_readers_destroy(struct file_readers *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		(void) close(r->fd);
	free(r);
}

static void take(struct file_readers *r, uint32_t mask)
{
	if (mask & IN_Q_OVERFLOW) {
		r->open = 0;
	} else if (mask & IN_OPEN) {
		r->open++;
		r->since_us = clock_monotonic_us();
	} else if (mask & IN_CLOSE && r->open) {
		r->open--;
	}
}

bool file_readers_there(struct file_readers *r, uint64_t hold_us)
{
	_Alignas(struct inotify_event) char events[4096];
	ssize_t n;

	if (!r)
		return false;
	while ((n = read(r->fd, events, sizeof(events))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const struct inotify_event *) (const void *) (events + at);

			take(r, e->mask);
			at += (ssize_t) (sizeof(*e) + e->len);
		}
	if (r->open && clock_monotonic_us() - r->since_us >= hold_us)
		r->open = 0; /* a reader that only opened it, or an event that was lost */
	return r->open;
}
