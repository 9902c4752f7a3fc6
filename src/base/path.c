#include "base/path.h"

#include <stdio.h>
#include <string.h>

bool path_join(char *ret_path, size_t size, const char *folder, const char *name)
{
	size_t n = strlen(folder);
	int length;

	while (n > 1 && folder[n - 1] == '/' && folder[n - 2] == '/')
		n--;
	name += strspn(name, "/");
	length = snprintf(ret_path, size, "%.*s%s%s", (int) n, folder, n && folder[n - 1] != '/' ? "/" : "", name);
	return length >= 0 && (size_t) length < size;
}
