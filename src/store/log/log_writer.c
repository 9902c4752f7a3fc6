#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/log/log_writer.h"
#include "base/mem.h"
#include "store/log/log_file.h"
#include "store/log/log_out.h"

struct written_log {
	const struct log_writer *writer;
	void *file;
	char path[LOG_PATH_SIZE];
};

void *log_writer_open(const struct log_writer *writer, const char *path, char ret_error[256])
{
	void *file = writer->open(writer->ctx, path);
	struct written_log *w;

	if (!file) {
		(void) snprintf(ret_error, 256, "'%.200s' cannot be made", path);
		return NULL;
	}
	(void) chmod(path, LOG_FILE_MODE);
	w = xnew(struct written_log, 1);
	w->writer = writer;
	w->file = file;
	(void) snprintf(w->path, sizeof(w->path), "%s", path);
	return w;
}

static enum log_took write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	const struct written_log *w = file;
	int r = w->writer->packet(w->file, s, data);

	return r < 0 ? LOG_FAILED : r ? LOG_WRITTEN : LOG_LEFT_OUT;
}

static bool sync_file(void *file)
{
	const struct written_log *w = file;

	return !w->writer->sync || w->writer->sync(w->file) >= 0;
}

static bool tick(void *file, uint32_t server_sec)
{
	(void) file;
	(void) server_sec;
	return true;
}

static uint64_t bytes(void *file)
{
	struct stat st;

	return stat(((struct written_log *) file)->path, &st) == 0 ? (uint64_t) st.st_size : 0;
}

static void close_file(void *file, bool good)
{
	struct written_log *w = file;

	(void) good;
	w->writer->close(w->file);
	free(w);
}

void log_writer_kind(const struct log_writer *w, struct log_kind *ret_kind)
{
	*ret_kind = (struct log_kind){.driver = w->driver,
				      .suffix = w->driver.log_class,
				      .id = LOG_CLASS_OTHER,
				      .writer = w,
				      .packet = write_packet,
				      .sync = sync_file,
				      .tick = tick,
				      .bytes = bytes,
				      .close = close_file};
}
