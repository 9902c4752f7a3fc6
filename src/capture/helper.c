#include "capture/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "capture/link.h"

#define HELPER_FILES 4 /* that one takes at its start */
#define CHILD_IN 3
#define CHILD_OUT 4
#define CHECK_MS 50
#define PATIENCE 60 /* checks until it is killed */

extern char **environ;

bool helper_confined(void)
{
	return geteuid() != 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static int find_socket(const char *folder, const char *name, char *ret_path, size_t size, char *ret_error,
		       size_t error_size)
{
	char file[128];

	(void) snprintf(file, sizeof(file), "%s.socket", name);
	if (!folder || !*folder || !path_join(ret_path, size, folder, file) || !is_socket(ret_path))
		return ERR_NOT_FOUND;
	if (access(ret_path, R_OK | W_OK) == 0)
		return 0;
	(void) snprintf(ret_error, error_size,
			"This user may not use '%.160s': add it to the group norn-capture and log in again", ret_path);
	return ERR_DENIED;
}

static int find_program(const struct helper_paths *where, const char *name, char *ret_path, size_t size,
			char *ret_error, size_t error_size)
{
	static const char *const paths[] = {"", "helpers/"}; /* the second is where they are built */

	for (unsigned i = 0; i < where->n * ARRAY_SIZE(paths); i++) {
		char file[128];
		struct stat st;

		(void) snprintf(file, sizeof(file), "%s%s", paths[i % ARRAY_SIZE(paths)], name);
		if (!path_join(ret_path, size, where->folders[i / ARRAY_SIZE(paths)], file) ||
		    stat(ret_path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (access(ret_path, X_OK) == 0)
			return 0;
		(void) snprintf(ret_error, error_size,
				"This user may not run '%.160s': add it to the file's group (such as "
				"'norn-capture') and log in again",
				ret_path);
		return ERR_DENIED;
	}
	(void) snprintf(ret_error, error_size, "The capture program '%.64s' is not in '%.160s'%s", name,
			where->n ? where->folders[0] : "",
			where->n > 1 ? " or another folder of helper_binary_path=" : "");
	return ERR_NOT_FOUND;
}

int helper_find(const struct helper_paths *paths, const char *name, char *ret_path, size_t size, char *ret_error,
		size_t error_size)
{
	bool confined = helper_confined();
	int r = ERR_NOT_FOUND;

	if (confined)
		r = find_socket(paths->sockets, name, ret_path, size, ret_error, error_size);
	if (r == ERR_NOT_FOUND)
		r = find_program(paths, name, ret_path, size, ret_error, error_size);
	if (r < 0 && !confined && find_socket(paths->sockets, name, ret_path, size, ret_error, error_size) == 0)
		r = 0;
	return r;
}

static int start(const char *path, int in, int out, pid_t *ret_pid)
{
	char in_arg[] = "--in-fd=3", out_arg[] = "--out-fd=4";
	char *name = strdup(path), *argv[] = {name, in_arg, out_arg, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int r;

	(void) sigemptyset(&none);
	(void) sigfillset(&all);
	(void) posix_spawn_file_actions_init(&files);
	(void) posix_spawnattr_init(&attributes);
	(void) posix_spawn_file_actions_adddup2(&files, in, CHILD_IN);
	(void) posix_spawn_file_actions_adddup2(&files, out, CHILD_OUT);
	(void) posix_spawnattr_setsigmask(&attributes, &none);
	(void) posix_spawnattr_setsigdefault(&attributes, &all);
	(void) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	r = -posix_spawn(ret_pid, path, &files, &attributes, argv, environ);
	(void) posix_spawn_file_actions_destroy(&files);
	(void) posix_spawnattr_destroy(&attributes);
	free(name);
	return r;
}

/* A pipe whose ends lie above the child's numbers, so that dup2() does not overwrite them. */
static int high_pipe(int ret_fds[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) < 0)
		return -errno;
	ret_fds[0] = fcntl(low[0], F_DUPFD_CLOEXEC, 10);
	ret_fds[1] = fcntl(low[1], F_DUPFD_CLOEXEC, 10);
	(void) close(low[0]);
	(void) close(low[1]);
	if (ret_fds[0] >= 0 && ret_fds[1] >= 0)
		return 0;
	if (ret_fds[0] >= 0)
		(void) close(ret_fds[0]);
	if (ret_fds[1] >= 0)
		(void) close(ret_fds[1]);
	return -EMFILE;
}

/* The service manager starts a program for each connection. */
static int reach(struct loop *loop, const char *path, struct link **ret_link)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd, r;

	if (snprintf(to.sun_path, sizeof(to.sun_path), "%s", path) >= (int) sizeof(to.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *) &to, sizeof(to)) < 0) {
		r = -errno;
		(void) close(fd);
		return r;
	}
	*ret_link = link_create(loop, fd, fd);
	return *ret_link ? 0 : -EIO;
}

int helper_start(struct loop *loop, const char *path, struct link **ret_link, pid_t *ret_pid)
{
	int down[2] = {-1, -1}, up[2] = {-1, -1}, r;

	*ret_pid = 0;
	if (!descriptors_left(HELPER_FILES))
		return -EMFILE;
	if (is_socket(path))
		return reach(loop, path, ret_link);
	r = high_pipe(down);
	if (r < 0)
		return r;
	r = high_pipe(up);
	if (r < 0) {
		(void) close(down[0]);
		(void) close(down[1]);
		return r;
	}
	r = start(path, down[0], up[1], ret_pid);
	(void) close(down[0]);
	(void) close(up[1]);
	if (r < 0) {
		(void) close(down[1]);
		(void) close(up[0]);
		return r;
	}
	*ret_link = link_create(loop, up[0], down[1]);
	if (*ret_link)
		return 0;
	helper_end(loop, *ret_pid, true);
	return -EIO;
}

/* A program that was asked to end. All are in one list, so that none outlives the server. */
struct ending {
	struct ending *next;
	pid_t pid;
	unsigned checks;
	struct loop_timer *timer;
};
static struct ending *endings;
static pthread_mutex_t endings_lock = PTHREAD_MUTEX_INITIALIZER;

static void free_ending(struct ending *e)
{
	(void) pthread_mutex_lock(&endings_lock);
	for (struct ending **at = &endings; *at; at = &(*at)->next)
		if (*at == e) {
			*at = e->next;
			break;
		}
	(void) pthread_mutex_unlock(&endings_lock);
	free(e);
}

static bool collected(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) != 0;
}

static void check_ended(void *ctx)
{
	struct ending *e = ctx;

	if (collected(e->pid)) {
		loop_timer_remove(e->timer);
		free_ending(e);
	} else if (++e->checks == PATIENCE) {
		(void) kill(e->pid, SIGKILL);
	}
}

void helper_end(struct loop *loop, pid_t pid, bool now)
{
	struct timespec step = {.tv_nsec = CHECK_MS * 1000000L};
	struct ending *e;

	if (pid <= 0)
		return;
	(void) kill(pid, SIGTERM);
	if (now) {
		for (unsigned i = 0; i < PATIENCE && !collected(pid); i++)
			(void) nanosleep(&step, NULL);
		if (waitpid(pid, NULL, WNOHANG) == 0) {
			(void) kill(pid, SIGKILL);
			(void) waitpid(pid, NULL, 0);
		}
		return;
	}
	e = xnew(struct ending, 1);
	e->pid = pid;
	e->timer = loop_timer_add(loop, CHECK_MS, CHECK_MS, check_ended, e);
	(void) pthread_mutex_lock(&endings_lock);
	e->next = endings;
	endings = e;
	(void) pthread_mutex_unlock(&endings_lock);
}

void helpers_finish(void)
{
	while (endings) {
		pid_t pid = endings->pid;

		if (!collected(pid)) {
			(void) kill(pid, SIGKILL);
			(void) waitpid(pid, NULL, 0);
		}
		free_ending(endings);
	}
}
