#include <stdio.h>
#include <string.h>

#include "app/home.h"
#include "app/state.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"

char *home_path(const struct app *a, const char *name)
{
	const char *folder = a->conf.server.folder ? a->conf.server.folder : ".";
	size_t n = strlen(folder) + strlen(name) + 2;
	char *path = xalloc(n);

	(void) path_join(path, n, folder, name);
	return path;
}

struct uuid home_server_uuid(const struct app *a)
{
	cleanup_free char *path = home_path(a, "server_uuid");
	cleanup_fclose FILE *f = NULL;
	char text[UUID_TEXT_SIZE + 1] = "";
	struct uuid u;

	if (a->conf.server.uuid && uuid_parse(a->conf.server.uuid, strlen(a->conf.server.uuid), &u) >= 0)
		return u;
	f = fopen(path, "re");
	if (f && fgets(text, UUID_TEXT_SIZE, f) && uuid_parse(text, strlen(text), &u) >= 0)
		return u;
	if (f)
		(void) fclose(f);
	u = uuid_random();
	f = a->kept ? fopen(path, "we") : NULL;
	uuid_format(&u, text);
	if (f)
		(void) fprintf(f, "%s\n", text);
	return u;
}
