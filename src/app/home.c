#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/home.h"
#include "app/state.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/replace.h"
#include "store/state/annotations_file.h"
#include "track/change.h"

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

int home_save_annotations(void *ctx)
{
	struct app *a = ctx;
	int r;

	(void) pthread_mutex_lock(&a->annotations_lock);
	r = a->kept ? annotations_save(tracker_annotations(a->api.tracker), a->annotations_path) : ERR_DENIED;
	(void) pthread_mutex_unlock(&a->annotations_lock);
	return r;
}

int home_open(struct app *a)
{
	const char *folder = a->conf.server.folder;
	int r = folder ? make_folders(folder) : ERR_NOT_FOUND;

	a->kept = r >= 0;
	if (r >= 0)
		(void) chmod(folder, 0700); /* logins and keys are in it; that of somebody else stays as it is */
	if (r < 0)
		log_warning(
			"Names, tags and logins will be lost at the end: cannot use the folder '%s' (configdir=): %s",
			or_empty(folder), err_text(r));
	(void) pthread_mutex_init(&a->annotations_lock, NULL);
	return 0;
}

void home_close(struct app *a)
{
	(void) pthread_mutex_destroy(&a->annotations_lock);
	free(a->annotations_path);
	free(a->web);
	free(a->setup_file);
	free(a->routes);
}
