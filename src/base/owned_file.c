#include "base/owned_file.h"

#include <pthread.h>
#include <stddef.h>

#include "base/mem.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct owned_file *files; /* few; freed with the last */
static size_t n_files;

void owned_file_add(const char *path, struct owned_file *ret_file)
{
	struct stat st;

	*ret_file = (struct owned_file){0};
	if (stat(path, &st) != 0)
		return;
	*ret_file = (struct owned_file){st.st_dev, st.st_ino};
	(void) pthread_mutex_lock(&lock);
	xgrow(files, n_files + 1);
	files[n_files++] = *ret_file;
	(void) pthread_mutex_unlock(&lock);
}

/* Its index, or n_files. Under the lock. */
static size_t find(dev_t device, ino_t inode)
{
	size_t i = 0;

	while (i < n_files && (files[i].device != device || files[i].inode != inode))
		i++;
	return i;
}

void owned_file_remove(struct owned_file *file)
{
	size_t i;

	(void) pthread_mutex_lock(&lock);
	i = file->inode ? find(file->device, file->inode) : n_files;
	if (i < n_files)
		files[i] = files[--n_files];
	if (n_files == 0) {
		free(files);
		files = NULL;
	}
	(void) pthread_mutex_unlock(&lock);
	*file = (struct owned_file){0};
}

bool owned_file_is(const struct stat *st)
{
	bool is;

	(void) pthread_mutex_lock(&lock);
	is = find(st->st_dev, st->st_ino) < n_files;
	(void) pthread_mutex_unlock(&lock);
	return is;
}

bool owned_file_at(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && owned_file_is(&st);
}
