/* Runs a fuzz target without a fuzzer: replay [--random N] FILE-OR-FOLDER...
 * Each file is one input; folders are read one level deep, and one that is not there holds no
 * seeds. N more inputs come from a fixed pseudo-random sequence: half noise, half damaged seeds.
 * Inputs are exact-size copies, so that AddressSanitizer sees a read one byte too far. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX (1U << 20)
#define SEEDS_MAX 512
#define NOISE_MAX 600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seed {
	uint8_t *p;
	size_t n;
};

static struct seed seeds[SEEDS_MAX];
static size_t n_seeds;
static uint64_t random_state = 0x9e3779b97f4a7c15;

/* xorshift64*: the same inputs on every machine. */
static uint32_t next_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t) (random_state * 0x2545f4914f6cdd1d >> 32);
}

static void run(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	if (!copy)
		abort();
	if (n)
		memcpy(copy, p, n);
	(void) LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static int load_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p;
	size_t n;

	if (!f) {
		perror(path);
		return -errno;
	}
	p = malloc(INPUT_MAX);
	if (!p)
		abort();
	n = fread(p, 1, INPUT_MAX, f);
	(void) fclose(f);
	if (n_seeds == SEEDS_MAX) {
		free(p);
		return 0;
	}
	seeds[n_seeds++] = (struct seed){.p = realloc(p, n ? n : 1), .n = n};
	return 0;
}

static int load_folder(const char *path)
{
	struct dirent **names;
	int r = 0, n = scandir(path, &names, NULL, alphasort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		char file[4096];
		struct stat st;

		(void) snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && load_file(file) < 0)
			r = -EIO;
		free(names[i]);
	}
	free(names);
	return r;
}

static int load(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISDIR(st.st_mode) ? load_folder(path) : load_file(path);
}

static void run_noise(void)
{
	uint8_t p[NOISE_MAX];
	size_t n = next_random() % NOISE_MAX;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t) next_random();
	run(p, n);
}

/* A seed cut anywhere, with a few bytes changed. */
static void run_damaged(const struct seed *s)
{
	size_t n = s->n ? next_random() % (s->n + 1) : 0;
	uint8_t *p = malloc(n ? n : 1);

	if (!p)
		abort();
	memcpy(p, s->p, n);
	for (uint32_t i = next_random() % 8; n && i > 0; i--)
		p[next_random() % n] = (uint8_t) next_random();
	run(p, n);
	free(p);
}

int main(int argc, char **argv)
{
	unsigned long noise = 0;
	int r = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--random") == 0 && i + 1 < argc)
			noise = strtoul(argv[++i], NULL, 10);
		else if (load(argv[i]) < 0)
			r = 1;
	}
	run((const uint8_t *) "", 0);
	for (size_t i = 0; i < n_seeds; i++)
		run(seeds[i].p, seeds[i].n);
	for (unsigned long i = 0; i < noise; i++) {
		if (i % 2 && n_seeds)
			run_damaged(&seeds[next_random() % n_seeds]);
		else
			run_noise();
	}
	(void) printf("%zu seeds, %lu pseudo-random inputs\n", n_seeds, noise);
	for (size_t i = 0; i < n_seeds; i++)
		free(seeds[i].p);
	return r;
}
