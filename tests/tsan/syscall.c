/* In builds for ThreadSanitizer alone: libuv closes its descriptors by syscall(SYS_close), which the sanitizer does not
 * follow as it follows close(). It then takes the number that another thread is given next for the descriptor that a
 * loop had, and reports a race between two that never met. So this stands before the C library's syscall() and closes
 * by close(), where the sanitizer sees it. */
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARGUMENTS 6 /* the most that a call of the kernel has */

typedef long (*syscall_fn)(long number, ...);

__attribute__((no_sanitize("thread"))) long syscall(long number, ...)
{
	syscall_fn next = (syscall_fn) dlsym(RTLD_NEXT, "syscall");
	long a[ARGUMENTS];
	va_list given;

	va_start(given, number);
	for (int i = 0; i < ARGUMENTS; i++)
		a[i] = va_arg(given, long);
	va_end(given);
	if (number == SYS_close)
		return close((int) a[0]);
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
