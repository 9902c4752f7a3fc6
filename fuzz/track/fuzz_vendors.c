/* Any octets as a list of vendors: udev's, the IEEE's or Kismet's. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "track/vendor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("vendors", 0);
	struct mac mac = {{0x28, 0xef, 0x01, 0x12, 0x34, 0x56}};
	struct vendors *v;
	char path[64];

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t) size))
		abort();
	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	(void) vendors_load(path, &v);
	if (size >= sizeof(mac))
		memcpy(&mac, data, sizeof(mac));
	if (!vendor_name(v, vendor_find(v, &mac)))
		abort();
	vendors_destroy(v);
	(void) close(fd);
	return 0;
}
