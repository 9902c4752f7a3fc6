#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/log/resume_find.h"
#include "base/mem.h"
#include "store/log/log_name.h"
#include "store/log/log_run.h"
#include "store/log/resume.h"

struct found {
	const char *path;
	struct timespec changed;
};

/* A log that was killed has its latest changes beside it. */
static struct timespec changed(const char *path)
{
	char wal[LOG_PATH_SIZE + 8];
	struct stat file, beside;

	(void) snprintf(wal, sizeof(wal), "%s-wal", path);
	if (stat(path, &file) != 0)
		return (struct timespec){0};
	if (stat(wal, &beside) == 0 && beside.st_mtim.tv_sec > file.st_mtim.tv_sec)
		return beside.st_mtim;
	return file.st_mtim;
}

static int newer_first(const void *pa, const void *pb)
{
	const struct found *a = pa, *b = pb;

	if (a->changed.tv_sec != b->changed.tv_sec)
		return a->changed.tv_sec > b->changed.tv_sec ? -1 : 1;
	if (a->changed.tv_nsec != b->changed.tv_nsec)
		return a->changed.tv_nsec > b->changed.tv_nsec ? -1 : 1;
	return strcmp(b->path, a->path);
}

uint32_t resume_find(const struct log_conf *conf, char (*ret_paths)[LOG_PATH_SIZE], uint32_t max)
{
	char pattern[LOG_PATH_SIZE];
	struct found *all;
	uint32_t n = 0;
	glob_t g = {0};

	log_pattern(conf, conf->title, "kismet", pattern);
	if (glob(pattern, 0, NULL, &g) != 0)
		return 0;
	all = xnew(struct found, g.gl_pathc);
	for (size_t i = 0; i < g.gl_pathc; i++)
		all[i] = (struct found){g.gl_pathv[i], changed(g.gl_pathv[i])};
	qsort(all, g.gl_pathc, sizeof(*all), newer_first);
	for (size_t i = 0; i < g.gl_pathc && n < max; i++)
		if (strlen(all[i].path) < LOG_PATH_SIZE)
			(void) strcpy(ret_paths[n++], all[i].path);
	free(all);
	globfree(&g);
	return n;
}
