#include "base/quick.h"

uint32_t quick_paths_off;

_Static_assert(QUICK_COUNT <= 32, "a bit each");

void quick_set(enum quick_path path, bool on)
{
	if (on)
		quick_paths_off &= ~(UINT32_C(1) << path);
	else
		quick_paths_off |= UINT32_C(1) << path;
}

const char *quick_name(enum quick_path path)
{
#define X(id, name, doc) name,
	static const char *const names[QUICK_COUNT] = {QUICK_PATHS(X)};
#undef X

	return names[path];
}
