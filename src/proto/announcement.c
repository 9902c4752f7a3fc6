#include "proto/announcement.h"

#include "base/err.h"
#include "proto/message.h"
#include "proto/row.h"

#define TAG UINT64_C(0x4b49534d4554) /* "KISMET" */
#define VERSION 1

static uint8_t *put(uint8_t *p, uint64_t v, unsigned octets)
{
	while (octets--)
		*p++ = (uint8_t) (v >> (octets * 8));
	return p;
}

void announcement_write(const struct announcement *a, uint8_t ret[ANNOUNCEMENT_SIZE])
{
	char uuid[UUID_TEXT_SIZE];
	uint8_t *p = ret;

	uuid_format(&a->uuid, uuid);
	p = put(p, TAG, 8);
	p = put(p, VERSION, 2);
	p = put(p, a->http_port, 4);
	p = put(p, a->sensor_port, 4);
	p = put(p, a->time_us / 1000000, 8);
	p = put(p, a->time_us % 1000000, 8);
	memcpy(p, uuid, 36);
	memset(p + 36, 0, sizeof(a->name));
	memcpy(p + 36, a->name, strnlen(a->name, sizeof(a->name) - 1));
}

int announcement_read(struct span datagram, struct announcement *ret)
{
	struct span s = datagram, name;
	struct announcement a = {0};
	const uint8_t *uuid;
	uint64_t tag = span_be64(&s), sec, usec;
	uint16_t version = span_be16(&s);

	a.http_port = span_be32(&s);
	a.sensor_port = span_be32(&s);
	sec = span_be64(&s);
	usec = span_be64(&s);
	uuid = span_take(&s, 36);
	name = span_up_to(&s, sizeof(a.name));
	if (s.bad)
		return ERR_TRUNCATED;
	if (tag != TAG || version != VERSION || usec >= 1000000 || sec > UINT32_MAX ||
	    uuid_parse((const char *) uuid, 36, &a.uuid) < 0)
		return ERR_MALFORMED;
	a.time_us = sec * 1000000 + usec;
	name.left = strnlen((const char *) name.p, name.left);
	proto_copy(name, a.name, sizeof(a.name));
	*ret = a;
	return 0;
}
