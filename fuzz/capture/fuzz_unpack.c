/* Untrusted compressed octets, taken in small and in large pieces: both give the same. */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "capture/unpack.h"

#define MOST (1u << 20) /* octets that are unpacked of one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	struct span left;
	unsigned piece;
};

static int read_piece(void *ctx, void *p, unsigned n)
{
	struct source *s = ctx;
	size_t k = s->left.left < n ? s->left.left : n;

	if (s->piece && k > s->piece)
		k = s->piece;
	if (k)
		memcpy(p, span_take(&s->left, k), k);
	return (int) k;
}

/* A sum over what comes out, and how much it is. */
static uint64_t unpack_all(const uint8_t *data, size_t size, unsigned in, unsigned out, size_t *ret_n)
{
	struct source s = {span_of(data, size), in};
	struct unpack *u = unpack_create(&(struct unpack_input){read_piece, &s});
	static uint8_t room[65536];
	uint64_t sum = 0;
	int r;

	for (*ret_n = 0; *ret_n < MOST && (r = unpack_read(u, room, out)) > 0; *ret_n += (size_t) r) {
		if ((unsigned) r > out)
			abort();
		for (int i = 0; i < r; i++)
			sum = sum * 31 + room[i];
	}
	unpack_destroy(u);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n, m;
	uint64_t a = unpack_all(data, size, 0, sizeof(uint8_t) * 65536, &n), b = unpack_all(data, size, 7, 1021, &m);

	/* How much comes out before damage may differ by what a decoder had under way. */
	if (n == m && a != b)
		abort();
	return 0;
}
