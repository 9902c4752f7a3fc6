/* Positions in fixed point (geo.h). */
#include "wire/link/geo.h"

#define DEGREE 10000000u
#define METRE 10000.0
#define METRES_BELOW 180000

bool geo_position(uint32_t lat, uint32_t lon, struct position *ret)
{
	if (lat < 90 * DEGREE || lat > 270 * DEGREE || lon > 360 * DEGREE)
		return false;
	*ret = (struct position){.lat = lat / 1e7 - 180, .lon = lon / 1e7 - 180, .fix = POSITION_FIX_2D};
	if (position_is_zero(ret))
		ret->fix = POSITION_FIX_NONE;
	return true;
}

void geo_altitude(uint32_t alt, struct position *p)
{
	if (p->fix < POSITION_FIX_2D)
		return;
	p->alt_m = (float) (alt / METRE - METRES_BELOW);
	p->fix = POSITION_FIX_3D;
}

uint32_t geo_fixed_degrees(double degrees)
{
	return (uint32_t) ((degrees + 180) * DEGREE + 0.5);
}

uint32_t geo_fixed_metres(double metres)
{
	return (uint32_t) ((metres + METRES_BELOW) * METRE + 0.5);
}

static uint16_t take16(struct span *s, bool big)
{
	return big ? span_be16(s) : span_le16(s);
}

static uint32_t take32(struct span *s, bool big)
{
	return big ? span_be32(s) : span_le32(s);
}

bool geo_kismet_read(struct span option, bool big, struct position *ret)
{
	uint32_t pen = take32(&option, big), there, lat, lon, alt;
	uint8_t magic = span_u8(&option), version = span_u8(&option);
	uint16_t length = take16(&option, big);
	struct span values;

	there = take32(&option, big);
	if (option.bad || pen != GEO_KISMET_PEN || magic != GEO_KISMET_MAGIC || version != GEO_KISMET_VERSION ||
	    (there & (GEO_KISMET_LON | GEO_KISMET_LAT)) != (GEO_KISMET_LON | GEO_KISMET_LAT))
		return false;
	values = span_sub(&option, length);
	if (there & 1)
		span_skip(&values, 4);
	lon = take32(&values, big);
	lat = take32(&values, big);
	if (values.bad || !geo_position(lat, lon, ret))
		return false;
	alt = take32(&values, big);
	if (there & GEO_KISMET_ALT && !values.bad)
		geo_altitude(alt, ret);
	return ret->fix >= POSITION_FIX_2D;
}
