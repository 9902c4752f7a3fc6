/* Untrusted definitions: what can be read can be written, and is read as the same again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/definition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct definition *d, char *ret, size_t size)
{
	size_t n = (size_t) definition_quote(d->interface, ret, size);

	for (unsigned i = 0; i < d->n_options && n < size; i++) {
		n += (size_t) snprintf(ret + n, size - n, "%c%s=", i ? ',' : ':', d->options[i].name);
		if (n < size)
			n += (size_t) definition_quote(d->options[i].value, ret + n, size - n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct definition one, two;
	static char text[2 * DEFINITION_SIZE_MAX + 1], error[DEFINITION_ERROR_SIZE];
	size_t n = size < DEFINITION_SIZE_MAX ? size : DEFINITION_SIZE_MAX;

	memcpy(text, data, n);
	text[n] = '\0';
	error[0] = '\0';
	if (definition_read(text, &one, error) < 0) {
		if (!error[0])
			abort();
		return 0;
	}
	write_again(&one, text, sizeof(text));
	if (strlen(text) >= DEFINITION_SIZE_MAX)
		return 0;
	if (definition_read(text, &two, error) < 0 || strcmp(one.interface, two.interface) != 0 ||
	    one.n_options != two.n_options)
		abort();
	return 0;
}
