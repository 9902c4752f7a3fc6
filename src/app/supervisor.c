#include "app/supervisor.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static int serving_pipe = -1;

void supervisor_ready(void)
{
	(void) sd_notify(0, "READY=1");
}

void supervisor_status(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(void) sd_notifyf(0, "STATUS=%s", text);
}

void supervisor_alive(void)
{
	(void) sd_notify(0, "WATCHDOG=1");
}

void supervisor_starting(void)
{
	(void) sd_notify(0, "EXTEND_TIMEOUT_USEC=30000000");
}

void supervisor_stopping(void)
{
	(void) sd_notify(0, "STOPPING=1");
}

void supervisor_daemonize(void)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		perror("norn: cannot go to the background");
		exit(1);
	}
	if (pid > 0) {
		(void) close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 1 ? 0 : 1);
	}
	(void) close(ends[0]);
	(void) setsid();
	serving_pipe = ends[1];
}

void supervisor_serving(void)
{
	int null;

	if (serving_pipe < 0)
		return;
	(void) !write(serving_pipe, "", 1);
	(void) close(serving_pipe);
	serving_pipe = -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		(void) dup2(null, fd);
	if (null > 2)
		(void) close(null);
}

void supervisor_raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void) setrlimit(RLIMIT_NOFILE, &limit);
}
