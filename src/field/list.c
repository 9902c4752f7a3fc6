#include "field/list.h"

#include <string.h>

#include "base/mem.h"

void *list_add(struct list *l, size_t size, void *first)
{
	if (l->count == 0 && l->cap == 0 && first) {
		l->items = first;
		l->cap = 1;
	} else if (l->count == l->cap) {
		uint32_t cap = l->cap + l->cap / 2 + 1;
		char *grown = xalloc((size_t) cap * size);

		if (l->count)
			memcpy(grown, l->items, l->count * size);
		if (l->items != first)
			free(l->items);
		l->items = grown;
		l->cap = cap;
	}
	return (char *) l->items + size * l->count++;
}
