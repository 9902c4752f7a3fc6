#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"

static int write_whole(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->p + at, b->len - at);

		if (n < 0 && errno != EINTR)
			return -errno;
		at += n > 0 ? (size_t) n : 0;
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

int replace_file(const char *path, const struct buf *content)
{
	cleanup_free char *part = xalloc(strlen(path) + 5);
	int fd, r;

	(void) sprintf(part, "%s.new", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	r = fd < 0 ? -errno : write_whole(fd, content);
	if (fd >= 0 && close(fd) != 0 && r >= 0)
		r = -errno;
	if (r >= 0 && rename(part, path) != 0)
		r = -errno;
	if (r < 0 && fd >= 0)
		(void) unlink(part);
	return r;
}
