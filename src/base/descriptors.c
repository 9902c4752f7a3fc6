#include "base/descriptors.h"

#include <dirent.h>
#include <stdatomic.h>
#include <sys/resource.h>

#define RESERVED 24     /* at least, for sources, logs and what listens */
#define RESERVED_PART 4 /* of all that there may be, where that is more */
#define RESERVED_MOST 1024
#define LEAST 4 /* connections: one for each of the pool's threads */
#define KEPT 8  /* that sources leave: logs that begin, receivers, alerts on their way */

static atomic_uint promised, connections;

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

unsigned long long descriptors_most(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (unsigned long long) limit.rlim_cur : 0;
}

static unsigned reserved(unsigned long long most)
{
	unsigned long long part = most / RESERVED_PART;

	return part < RESERVED ? RESERVED : part > RESERVED_MOST ? RESERVED_MOST : (unsigned) part;
}

unsigned descriptors_for_connections(unsigned wanted)
{
	unsigned long long most = descriptors_most();
	unsigned used = open_now() + reserved(most), fit = wanted;

	if (most && most < (unsigned long long) wanted + used)
		fit = most > used + LEAST ? (unsigned) most - used : LEAST;
	atomic_store(&promised, fit);
	return fit;
}

void descriptors_connection(int change)
{
	(void) atomic_fetch_add(&connections, (unsigned) change);
}

bool descriptors_left(unsigned n)
{
	unsigned long long most = descriptors_most();
	unsigned all = atomic_load(&promised), taken = atomic_load(&connections);

	return most == 0 || open_now() + (all > taken ? all - taken : 0) + n + KEPT <= most;
}
