#include <string.h>

#include "capture/pcapfile.h"

static int read_span(void *ctx, void *p, unsigned n)
{
	struct span *s = ctx;
	size_t k = s->left < n ? s->left : n;

	if (k)
		memcpy(p, span_take(s, k), k);
	return (int) k;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	struct pcapfile *file = NULL;
	char error[PCAPFILE_ERROR_SIZE];
	struct packet packet = {0};

	if (pcapfile_open_input(&(struct pcapfile_input){read_span, &s}, &file, error) < 0)
		return 0;
	while (pcapfile_next(file, &packet) > 0)
		;
	pcapfile_close(file);
	return 0;
}
