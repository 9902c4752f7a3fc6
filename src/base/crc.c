#include "base/crc.h"

#include <libdeflate.h>

uint32_t crc_32(const void *p, size_t n)
{
	return libdeflate_crc32(0, p, n);
}
