/* CRC-32 of IEEE 802.3, as the FCS of 802.11 frames and as the name of a frame among duplicates. */
#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t crc_32(const void *p, size_t n);
