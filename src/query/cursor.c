#include "query/cursor.h"

#include "base/err.h"
#include "base/hex.h"

/* Octets: hash, id, kind of the sort key, its length, and the number or text. */
#define HEAD (8 + 16 + 2)
#define MOST (HEAD + FIELD_SORT_TEXT)

/* FNV-1a. */
static uint64_t add(uint64_t hash, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (uint8_t) p[i]) * UINT64_C(0x100000001b3);
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t query_cursor_hash(const char *record, const char *text, size_t n, const char *order)
{
	uint64_t hash = add(UINT64_C(0xcbf29ce484222325), record, strlen(record));

	return add(add(hash, text, n), order, strlen(order));
}

void query_cursor_write(struct buf *out, uint64_t hash, const struct query_candidate *last)
{
	uint8_t octets[MOST] = {0};
	size_t n = HEAD;

	memcpy(octets, &hash, 8);
	memcpy(octets + 8, last->id, 16);
	octets[24] = last->sort.kind;
	octets[25] = last->sort.n;
	if (last->sort.kind == 1) {
		memcpy(octets + HEAD, &last->sort.number, 8);
		n += 8;
	} else {
		memcpy(octets + HEAD, last->sort.text, last->sort.n);
		n += last->sort.n;
	}
	(void) hex_write(buf_reserve(out, 2 * n), hex_upper, octets, n);
	out->len += 2 * n;
}

int query_cursor_read(const char *text, uint64_t hash, struct query_candidate *ret_last)
{
	uint8_t octets[MOST];
	size_t n = strlen(text) / 2, have;
	uint64_t of;

	if (strlen(text) % 2 || n < HEAD || n > MOST || !hex_read(text, octets, n))
		return ERR_MALFORMED;
	*ret_last = (struct query_candidate){.sort = {.kind = octets[24], .n = octets[25]}};
	have = n - HEAD;
	if (ret_last->sort.kind > 3 || ret_last->sort.n > FIELD_SORT_TEXT ||
	    have != (ret_last->sort.kind == 1 ? 8u : ret_last->sort.n))
		return ERR_MALFORMED;
	memcpy(&of, octets, 8);
	memcpy(ret_last->id, octets + 8, 16);
	if (ret_last->sort.kind == 1)
		memcpy(&ret_last->sort.number, octets + HEAD, 8);
	else
		memcpy(ret_last->sort.text, octets + HEAD, have);
	return of == hash ? 0 : ERR_DENIED;
}
