/* Memory that cannot fail in small sizes, and owners that clean up after themselves.
 * A monitor that cannot get 200 bytes should be restarted, so xnew() and friends abort with
 * file and line. Sizes that come from outside are bounded by their caller first. */
#pragma once
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Zeroed memory for n objects of size bytes; aborts when there is none or n * size overflows. */
void *mem_alloc(size_t n, size_t size, const char *file, int line);
/* p grown or shrunk to n * size bytes, new bytes not cleared; aborts as mem_alloc() does. */
void *mem_realloc(void *p, size_t n, size_t size, const char *file, int line);
/* As mem_alloc(1, size), at a multiple of `align`, a power of two of which size is a multiple. */
void *mem_aligned(size_t size, size_t align, const char *file, int line);
/* Copies n bytes and adds a NUL; the caller frees. */
char *mem_strndup(const char *s, size_t n, const char *file, int line);

#define xnew(T, n) ((T *) mem_alloc((n), sizeof(T), __FILE__, __LINE__))
#define xnew_aligned(T) ((T *) mem_aligned(sizeof(T), _Alignof(T), __FILE__, __LINE__))
#define xalloc(n) mem_alloc((n), 1, __FILE__, __LINE__)
#define xgrow(p, n) ((p) = mem_realloc((p), (n), sizeof(*(p)), __FILE__, __LINE__))
#define xstrdup(s) mem_strndup((s), strlen(s), __FILE__, __LINE__)
#define xstrndup(s, n) mem_strndup((s), (n), __FILE__, __LINE__)

/* Clears hundreds of octets, of a size that the compiler is not to know: it would clear them by one instruction that
 * takes longer to begin than the library takes in all. */
static inline void mem_clear(void *p, size_t n)
{
	__asm__("" : "+r"(n));
	memset(p, 0, n);
}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hands the value of an owning pointer over and leaves NULL behind. */
#define TAKE(p)                                                                                                        \
	({                                                                                                             \
		__typeof__(p) taken_ = (p);                                                                            \
		(p) = NULL;                                                                                            \
		taken_;                                                                                                \
	})

static inline void cleanup_free_(void *p)
{
	free(*(void **) p);
}
static inline void cleanup_fclose_(FILE **f)
{
	if (*f)
		(void) fclose(*f);
}
static inline void cleanup_close_(const int *fd)
{
	if (*fd >= 0)
		(void) close(*fd);
}
#define cleanup_free __attribute__((cleanup(cleanup_free_)))
#define cleanup_fclose __attribute__((cleanup(cleanup_fclose_)))
#define cleanup_close __attribute__((cleanup(cleanup_close_)))
