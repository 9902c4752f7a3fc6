#include "base/mem.h"

#include <stdint.h>
#include <string.h>

static _Noreturn void die(size_t n, size_t size, const char *file, int line)
{
	(void) fprintf(stderr, "norn: out of memory for %zu x %zu bytes at %s:%d\n", n, size, file, line);
	abort();
}

void *mem_alloc(size_t n, size_t size, const char *file, int line)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		die(n, size, file, line);
	return p;
}

void *mem_realloc(void *p, size_t n, size_t size, const char *file, int line)
{
	size_t bytes;
	void *q = NULL;

	if (!__builtin_mul_overflow(n, size, &bytes))
		q = realloc(p, bytes > 0 ? bytes : 1);
	if (!q)
		die(n, size, file, line);
	return q;
}

char *mem_strndup(const char *s, size_t n, const char *file, int line)
{
	char *p = mem_alloc(n + 1, 1, file, line);

	memcpy(p, s, n);
	return p;
}

void *mem_aligned(size_t size, size_t align, const char *file, int line)
{
	void *p = aligned_alloc(align, size);

	if (!p)
		die(1, size, file, line);
	memset(p, 0, size);
	return p;
}
