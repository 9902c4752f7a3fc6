/* Any octets as the file of the whitelist, as a list of elements, and as the elements of a frame. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "store/state/fingerprints.h"
#include "phy/dot11/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("whitelist", MFD_CLOEXEC);
	struct fingerprints *f;
	struct fingerprint *all, x;
	char path[64];
	uint32_t n;

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t) size))
		abort();
	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	f = fingerprints_open(path);
	all = fingerprints_all(f, &n);
	if (fingerprints_any(f) != (n > 0))
		abort();
	for (uint32_t i = 0; i < n; i++)
		if (!fingerprints_find(f, &all[i].mac, &x) || memcmp(&x, &all[i], sizeof(x)) != 0)
			abort();
	free(all);
	fingerprints_close(f);
	(void) close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct fingerprint_list l;

	log_set_level(LOG_LEVEL_ERROR);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (!fingerprint_list_parse(text, &l))
		(void) fingerprint_list_parse("0,1,48,127,150-0050F2-2,221-0050F2-2,221", &l);
	(void) fingerprint_of(&l, span_of(text, size));
	free(text);
	read_file(data, size);
	return 0;
}
