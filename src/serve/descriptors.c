#include "serve/descriptors.h"

#include <dirent.h>
#include <sys/resource.h>

#include "base/log.h"

#define RESERVED 24 /* for sources, logs and what listens */
#define LEAST 4     /* one for each of the pool's threads */

static unsigned open_now(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		(void) closedir(d);
	return n;
}

unsigned descriptors_for_connections(unsigned wanted)
{
	struct rlimit limit;
	unsigned used = open_now() + RESERVED, fit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= (rlim_t) wanted + used)
		return wanted;
	fit = limit.rlim_cur > used + LEAST ? (unsigned) limit.rlim_cur - used : LEAST;
	log_warning("Only %llu files may be open at a time (ulimit -n): %u HTTP connections are taken instead of %u",
		    (unsigned long long) limit.rlim_cur, fit, wanted);
	return fit;
}
