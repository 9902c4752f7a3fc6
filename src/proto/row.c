#include <stdlib.h>

#include "proto/row.h"
#include "base/mem.h"
#include "proto/table.h"

struct proto_scratch *proto_scratch_create(void)
{
	struct proto_scratch *s = NULL;

	xgrow(s, 1); /* not cleared: most of it is never touched */
	s->used = 0;
	s->full = false;
	return s;
}

void proto_scratch_destroy(struct proto_scratch *s)
{
	free(s);
}

void *scratch_take(struct proto_scratch *s, size_t n)
{
	void *p = s->memory + s->used;

	n = (n + 15) & ~(size_t) 15;
	if (n > sizeof(s->memory) - s->used) {
		s->full = true;
		return NULL;
	}
	s->used += n;
	return p;
}

static void *member(const struct row *row, void *base)
{
	return (uint8_t *) base + row->offset;
}

static const void *const_member(const struct row *row, const void *base)
{
	return (const uint8_t *) base + row->offset;
}

bool row_wanted(const struct row *row, const void *base)
{
	const void *p = const_member(row, base);

	if (row->has == ROW_ALWAYS)
		return true;
	if (row->has != ROW_NO_HAS)
		return *(const bool *) ((const uint8_t *) base + row->has);
	switch ((enum row_kind) row->kind) {
	case ROW_U32:
	case ROW_I32: return *(const uint32_t *) p != 0;
	case ROW_U64: return *(const uint64_t *) p != 0;
	case ROW_FLOAT:
	case ROW_DOUBLE: return *(const double *) p != 0;
	case ROW_BOOL:
	case ROW_BLOCK: return *(const bool *) p;
	case ROW_TEXT:
	case ROW_OCTETS: return ((const struct span *) p)->left != 0;
	case ROW_LIST: return ((const struct proto_list *) p)->count != 0;
	case ROW_PAIRS: return ((const struct proto_pairs *) p)->count != 0;
	case ROW_INTERFACES: return ((const struct proto_interfaces *) p)->count != 0;
	}
	return false;
}

void row_found(const struct row *row, void *base)
{
	if (row->has < ROW_ALWAYS)
		*(bool *) ((uint8_t *) base + row->has) = true;
}

static double within(double v, double least, double most)
{
	return !(v >= least) ? least : v > most ? most : v;
}

void row_put_number(const struct row *row, void *base, double value)
{
	void *p = member(row, base);

	row_found(row, base);
	if (row->kind == ROW_FLOAT || row->kind == ROW_DOUBLE)
		*(double *) p = value;
	else if (row->kind == ROW_I32)
		*(int32_t *) p = (int32_t) within(value, INT32_MIN, INT32_MAX);
	else if (row->kind == ROW_U64)
		*(uint64_t *) p = (uint64_t) within(value, 0, 9e18);
	else if (row->kind == ROW_U32)
		*(uint32_t *) p = (uint32_t) within(value, 0, UINT32_MAX);
	else if (row->kind == ROW_BOOL)
		*(bool *) p = value != 0;
}

void row_put_unsigned(const struct row *row, void *base, uint64_t value)
{
	void *p = member(row, base);

	row_found(row, base);
	if (row->kind == ROW_FLOAT || row->kind == ROW_DOUBLE)
		*(double *) p = (double) value;
	else if (row->kind == ROW_I32)
		*(int32_t *) p = (int32_t) (uint32_t) value;
	else if (row->kind == ROW_U64)
		*(uint64_t *) p = value;
	else if (row->kind == ROW_U32)
		*(uint32_t *) p = value > UINT32_MAX ? UINT32_MAX : (uint32_t) value;
	else if (row->kind == ROW_BOOL)
		*(bool *) p = value != 0;
}

double row_number(const struct row *row, const void *base)
{
	const void *p = const_member(row, base);

	if (row->kind == ROW_FLOAT || row->kind == ROW_DOUBLE)
		return *(const double *) p;
	if (row->kind == ROW_I32)
		return *(const int32_t *) p;
	return (double) row_unsigned(row, base);
}

uint64_t row_unsigned(const struct row *row, const void *base)
{
	const void *p = const_member(row, base);

	if (row->kind == ROW_U64)
		return *(const uint64_t *) p;
	if (row->kind == ROW_BOOL)
		return *(const bool *) p;
	return *(const uint32_t *) p;
}

void proto_copy(struct span text, char *ret, size_t size)
{
	size_t n = text.left < size ? text.left : size - 1;

	for (size_t i = 0; i < n; i++)
		ret[i] = (char) (text.p[i] < 32 || text.p[i] == 127 ? '?' : text.p[i]);
	ret[n] = '\0';
}
