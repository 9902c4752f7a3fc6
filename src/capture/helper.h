/* Capture programs as children of the server: found, started with two pipes, ended. */
#pragma once
#include <sys/types.h>

#include "capture/link.h"

struct string_list;

/* Where a program of that name stands: the first of the folders that has it and lets this user run
 * it. 0, or negative with a sentence in ret_error. Any thread. */
int helper_find(const char *const *folders, unsigned n, const char *name, char *ret_path,
		size_t size, char *ret_error, size_t error_size);
/* Starts it, its frames on a link. 0 or -errno. The loop's thread. */
int helper_start(struct loop *loop, const char *path, struct link **ret_link, pid_t *ret_pid);
/* Asks it to end, makes it after three seconds, and collects it. The loop's thread; `now`: waits
 * for it, because the loop ends. */
void helper_end(struct loop *loop, pid_t pid, bool now);
/* Ends and collects those that still have their three seconds. When all loops have stopped. */
void helpers_finish(void);
