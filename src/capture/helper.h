/* Capture programs: found, and started with two pipes as children of the server, or reached through a
 * socket behind which the service manager starts them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/link.h"
#include "capture/options.h"

/* Where capture programs are. */
struct helper_paths {
	const char *const *folders; /* where programs are */
	uint32_t n;
	const char *sockets; /* folder of sockets NAME.socket; NULL or empty: none */
};
static inline struct helper_paths capture_helper_paths(const struct capture_conf *c)
{
	return (struct helper_paths){(const char *const *) c->helper_folders.items, (uint32_t) c->helper_folders.n,
				     c->helper_sockets};
}

/* Where a program of that name stands: the first of the folders that has it and lets this user run
 * it, or its socket. A server that cannot gain privileges (no_new_privs, as in a hardened unit) takes
 * the socket first, because what it started itself would have none. 0, or negative with a sentence in
 * ret_error. Any thread. */
int helper_find(const struct helper_paths *paths, const char *name, char *ret_path, size_t size, char *ret_error,
		size_t error_size);
/* Whether this process could give a program that it starts no capabilities. */
bool helper_confined(void);
/* Starts it, its frames on a link; *ret_pid is 0 when it is no child. 0 or -errno. The loop's thread. */
int helper_start(struct loop *loop, const char *path, struct link **ret_link, pid_t *ret_pid);
/* Asks it to end, makes it after three seconds, and collects it. The loop's thread; `now`: waits
 * for it, because the loop ends. */
void helper_end(struct loop *loop, pid_t pid, bool now);
/* Ends and collects those that still have their three seconds. When all loops have stopped. */
void helpers_finish(void);
