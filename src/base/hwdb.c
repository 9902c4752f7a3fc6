/* Files of udev's hardware database. */
#include "base/hwdb.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

bool hwdb_find(const char *name, char ret_path[HWDB_PATH_SIZE])
{
	static const char *const folders[] = {"/etc/udev/hwdb.d", "/usr/lib/udev/hwdb.d", "/lib/udev/hwdb.d"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		int n = snprintf(ret_path, HWDB_PATH_SIZE, "%s/%s", folders[i], name);

		if (n > 0 && n < HWDB_PATH_SIZE && access(ret_path, R_OK) == 0)
			return true;
	}
	return false;
}

static void take_match(struct hwdb *h, const char *line)
{
	size_t n = strlen(h->prefix);

	h->match[0] = '\0';
	if (strncmp(line, h->prefix, n) != 0)
		return;
	line += n;
	n = strcspn(line, "*\r\n");
	if (n >= HWDB_MATCH_SIZE)
		return;
	memcpy(h->match, line, n);
	h->match[n] = '\0';
}

const char *hwdb_line(struct hwdb *h, char *line)
{
	size_t n = strlen(h->key), end = strlen(line);

	if (line[0] != ' ') {
		take_match(h, line);
		return NULL;
	}
	if (!h->match[0] || strncmp(line + 1, h->key, n) != 0 || line[1 + n] != '=')
		return NULL;
	while (end && strchr(" \t\r\n", line[end - 1]))
		line[--end] = '\0';
	return end > n + 2 ? line + n + 2 : NULL;
}
