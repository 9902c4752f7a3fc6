#include "store/log/log_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_BYTES (256 * 1024)

int log_file_make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, LOG_FILE_MODE);

	if (fd >= 0)
		(void) fchmod(fd, LOG_FILE_MODE);
	return fd;
}

bool log_out_open(struct log_out *o, const char *path, char ret_error[256])
{
	*o = (struct log_out){.fd = log_file_make(path)};
	if (o->fd < 0)
		(void) snprintf(ret_error, 256, "'%.128s' cannot be created: %s", path, strerror(errno));
	return o->fd >= 0;
}

bool log_out_flush(struct log_out *o)
{
	size_t at = 0;

	while (at < o->text.len && !o->failed) {
		ssize_t n = write(o->fd, o->text.p + at, o->text.len - at);

		if (n > 0)
			at += (size_t) n;
		else if (n == 0 || errno != EINTR)
			o->failed = true;
	}
	if (o->failed && at) /* no torn record at the end */
		(void) !ftruncate(o->fd, (off_t) o->bytes);
	if (!o->failed)
		o->bytes += at;
	buf_clear(&o->text);
	return !o->failed;
}

bool log_out_check(struct log_out *o)
{
	return o->text.len < WRITE_BYTES ? !o->failed : log_out_flush(o);
}

void log_out_close(struct log_out *o)
{
	(void) log_out_flush(o);
	(void) close(o->fd);
	buf_finish(&o->text);
}
