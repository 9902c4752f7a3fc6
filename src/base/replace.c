#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

int make_folders(const char *path)
{
	cleanup_free char *part = xstrdup(path);

	for (char *p = part[0] ? part + 1 : part; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(part, 0700) == 0 || errno == EEXIST ? 0 : -errno;
}

static void make_folder_of(const char *path)
{
	const char *end = strrchr(path, '/');
	cleanup_free char *folder = end && end != path ? xstrndup(path, (size_t) (end - path)) : NULL;

	if (folder && access(folder, F_OK) != 0)
		(void) make_folders(folder); /* open() reports what went wrong */
}

int replace_file(const char *path, const struct buf *content)
{
	cleanup_free char *part = xalloc(strlen(path) + 5);
	int fd, r;

	(void) sprintf(part, "%s.new", path);
	make_folder_of(path);
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
