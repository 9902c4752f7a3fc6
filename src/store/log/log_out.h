/* A log file that is written sequentially, whole records at a time. On the log's thread. */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

struct log_out {
	int fd;
	bool failed;
	uint64_t bytes;  /* on the disk */
	struct buf text; /* not on the disk yet: whole records */
};
/* Logs hold what others sent: their owner writes them, the group reads them, whatever the umask. */
#define LOG_FILE_MODE 0640
/* Makes an empty file of that mode, which must not be there yet; -1 with errno. */
int log_file_make(const char *path);
/* Makes the file; false with a sentence, also when there is one of that name. */
bool log_out_open(struct log_out *o, const char *path, char ret_error[256]);
/* Writes what there is, all of it or nothing; false when that fails, and ever after. */
bool log_out_flush(struct log_out *o);
/* The same once enough has come together. */
bool log_out_check(struct log_out *o);
void log_out_close(struct log_out *o);
