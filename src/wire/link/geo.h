/* Positions in fixed point, as PPI-GPS (PPI-GEOLOCATION 1.2) has them and Kismet's option of pcapng after it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/position.h"
#include "base/span.h"

/* Bits of what is there. Kismet's has longitude and latitude the other way round, in bits and in order. */
enum geo_ppi { GEO_PPI_FLAGS = 1, GEO_PPI_LAT = 2, GEO_PPI_LON = 4, GEO_PPI_ALT = 8 };
enum geo_kismet { GEO_KISMET_LON = 2, GEO_KISMET_LAT = 4, GEO_KISMET_ALT = 8 };

/* Degrees in 1e-7 from -180. False where there is no such position, and *ret stays as it is; 0/0 is a position without
 * a fix. */
bool geo_position(uint32_t lat, uint32_t lon, struct position *ret);
/* Metres in 1e-4 from -180,000, for a position that has a fix. */
void geo_altitude(uint32_t alt, struct position *p);
uint32_t geo_fixed_degrees(double degrees);
uint32_t geo_fixed_metres(double metres);

#define GEO_KISMET_PEN 55922
#define GEO_KISMET_MAGIC 0x47
#define GEO_KISMET_VERSION 1
/* Kismet's option, from the PEN on, of a section in the other byte order than little endian when `big`. False, and
 * *ret stays as it is, when it is none or holds no position. */
bool geo_kismet_read(struct span option, bool big, struct position *ret);
