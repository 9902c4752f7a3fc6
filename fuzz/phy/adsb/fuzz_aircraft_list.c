/* Any octets as a file of the list of aircraft: what is found is short, and found again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "phy/adsb/aircraft_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char folder[] = "/tmp/norn-fuzz-XXXXXX", path[64];
	struct aircraft_entry one, two;
	struct aircraft_list *r;
	FILE *f;

	if (!*path) {
		if (!mkdtemp(folder))
			abort();
		(void) snprintf(path, sizeof(path), "%s/4.json", folder);
	}
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		abort();
	r = aircraft_list_create(folder);
	if (aircraft_list_find(r, 0x46005a, &one) != aircraft_list_find(r, 0x46005a, &two) ||
	    strcmp(one.registration, two.registration) != 0 || strlen(one.type) >= AIRCRAFT_TEXT_SIZE)
		abort();
	aircraft_list_destroy(r);
	(void) unlink(path);
	return 0;
}
