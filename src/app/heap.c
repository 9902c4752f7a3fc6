#include "app/heap.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's manual, "Memory Allocation Tunables": madvise(MADV_HUGEPAGE) for what malloc gets from the
 * kernel, which it does in its main arena only. */
#define TUNABLES "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"
#define MARK "NORN_HEAP" /* in the environment of the second start */

void heap_tune(char **argv)
{
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	char path[PATH_MAX];
	ssize_t n;

	if (getenv(MARK)) {
		(void) unsetenv(MARK);
		(void) unsetenv("GLIBC_TUNABLES"); /* not for the children */
		return;
	}
	if (getenv("GLIBC_TUNABLES") || getenv("LD_PRELOAD"))
		return; /* somebody has a mind of his own: a user, a debugger */
	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n <= 0)
		return;
	path[n] = '\0';
	(void) setenv("GLIBC_TUNABLES", TUNABLES, 1);
	(void) setenv(MARK, "1", 1);
	(void) execv(path, argv);
	(void) unsetenv(MARK);
	(void) unsetenv("GLIBC_TUNABLES");
#else
	(void) argv;
#endif
}
