#include "store/log/pcapng.h"

#include <string.h>
#include <sys/utsname.h>

#include "wire/link/geo.h"

#define SNAPLEN 65535

enum { BLOCK_SECTION = 0x0A0D0D0A, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum { OPT_END = 0, OPT_HARDWARE = 2, OPT_OS = 3, OPT_APPLICATION = 4 };
enum { IF_NAME = 2, IF_DESCRIPTION = 3 };
enum { EPB_HASH = 3, EPB_PACKETID = 5, CUSTOM_TEXT = 2988, CUSTOM_BINARY = 2989 };
enum { HASH_CRC32 = 2, JSON_MAGIC = 0x48 };

static void le16(struct buf *b, uint16_t v)
{
	uint8_t o[2] = {(uint8_t) v, (uint8_t) (v >> 8)};

	buf_add(b, o, sizeof(o));
}

static void le32(struct buf *b, uint32_t v)
{
	le16(b, (uint16_t) v);
	le16(b, (uint16_t) (v >> 16));
}

static void le64(struct buf *b, uint64_t v)
{
	le32(b, (uint32_t) v);
	le32(b, (uint32_t) (v >> 32));
}

static void pad(struct buf *b, size_t n)
{
	static const char zeros[4] = {0};

	buf_add(b, zeros, (4 - n % 4) % 4);
}

static void option(struct buf *b, uint16_t code, const void *p, size_t n)
{
	le16(b, code);
	le16(b, (uint16_t) n);
	buf_add(b, p, n);
	pad(b, n);
}

/* Begins a block; block_end() fills in its length. */
static size_t block_begin(struct buf *b, uint32_t type)
{
	size_t at = b->len;

	le32(b, type);
	le32(b, 0);
	return at;
}

static void block_end(struct buf *b, size_t at)
{
	uint32_t n = (uint32_t) (b->len - at) + 4;
	struct buf head = {0};

	le32(b, n);
	le32(&head, n);
	memcpy(b->p + at + 4, head.p, 4);
	buf_finish(&head);
}

void pcapng_begin(struct buf *out)
{
	static const char application[] = "norn " NORN_VERSION;
	struct utsname host;
	size_t at = block_begin(out, BLOCK_SECTION);

	le32(out, 0x1A2B3C4D);
	le16(out, 1);
	le16(out, 0);
	le64(out, UINT64_MAX); /* of unknown length */
	if (uname(&host) == 0) {
		option(out, OPT_HARDWARE, host.machine, strlen(host.machine));
		option(out, OPT_OS, host.sysname, strlen(host.sysname));
	}
	option(out, OPT_APPLICATION, application, strlen(application));
	option(out, OPT_END, NULL, 0);
	block_end(out, at);
}

static void describe_interface(struct pcapng *p, struct buf *out, const struct pcapng_interface *i)
{
	char name[256] = "", description[256] = "";
	size_t at = block_begin(out, BLOCK_INTERFACE);

	p->name_source(p->ctx, i->source, name, description);
	le16(out, i->linktype);
	le16(out, 0);
	le32(out, SNAPLEN);
	option(out, IF_NAME, name, strlen(name));
	option(out, IF_DESCRIPTION, description, strlen(description));
	option(out, OPT_END, NULL, 0);
	block_end(out, at);
}

static uint32_t interface_of(struct pcapng *p, struct buf *out, const struct packet_summary *s)
{
	for (uint32_t i = 0; i < p->n_interfaces; i++)
		if (p->interfaces[i].source == s->source && p->interfaces[i].linktype == s->linktype)
			return i;
	if (p->n_interfaces == PCAPNG_INTERFACES_MAX)
		return UINT32_MAX;
	p->interfaces[p->n_interfaces] = (struct pcapng_interface){s->source, s->linktype};
	describe_interface(p, out, &p->interfaces[p->n_interfaces]);
	return p->n_interfaces++;
}

/* Kismet's custom option: fixed-point degrees and metres, as PPI-GPS has them. */
static void position_option(struct buf *out, const struct position *p)
{
	bool high = p->fix >= POSITION_FIX_3D && p->alt_m != 0;
	uint16_t n = high ? 12 : 8;
	struct buf b = {0};

	le32(&b, GEO_KISMET_PEN);
	buf_char(&b, GEO_KISMET_MAGIC);
	buf_char(&b, GEO_KISMET_VERSION);
	le16(&b, n);
	le32(&b, GEO_KISMET_LON | GEO_KISMET_LAT | (high ? GEO_KISMET_ALT : 0));
	le32(&b, geo_fixed_degrees(p->lon));
	le32(&b, geo_fixed_degrees(p->lat));
	if (high)
		le32(&b, geo_fixed_metres((double) p->alt_m));
	option(out, CUSTOM_BINARY, b.p, b.len);
	buf_finish(&b);
}

/* Kismet's custom option for reports, which no frame of the capture protocol makes too long for it. */
static void report(struct buf *out, const uint8_t *json, size_t n)
{
	struct buf b = {0};

	le32(&b, GEO_KISMET_PEN);
	buf_char(&b, JSON_MAGIC);
	buf_char(&b, 1);
	le16(&b, (uint16_t) n);
	buf_add(&b, json, n);
	option(out, CUSTOM_TEXT, b.p, b.len);
	buf_finish(&b);
}

void pcapng_packet(struct pcapng *p, struct buf *out, const struct packet_summary *s, const uint8_t *data)
{
	uint32_t interface = interface_of(p, out, s), captured = s->report ? 0 : s->captured;
	size_t at;

	if (interface == UINT32_MAX)
		return;
	at = block_begin(out, BLOCK_PACKET);
	le32(out, interface);
	le32(out, (uint32_t) (s->time_us >> 32));
	le32(out, (uint32_t) s->time_us);
	le32(out, captured);
	le32(out, s->length > captured && !s->report ? s->length : captured);
	buf_add(out, data, captured);
	pad(out, captured);
	if (s->hash) {
		uint8_t hash[5] = {HASH_CRC32, (uint8_t) s->hash, (uint8_t) (s->hash >> 8), (uint8_t) (s->hash >> 16),
				   (uint8_t) (s->hash >> 24)};

		option(out, EPB_HASH, hash, sizeof(hash));
	}
	if (s->number) {
		le16(out, EPB_PACKETID);
		le16(out, 8);
		le64(out, s->number);
	}
	if (s->report && s->captured)
		report(out, data + s->report, s->captured - s->report);
	if (s->position.fix >= POSITION_FIX_2D)
		position_option(out, &s->position);
	option(out, OPT_END, NULL, 0);
	block_end(out, at);
}

void pcap_begin(struct buf *out, uint32_t linktype, uint32_t snaplen)
{
	le32(out, 0xa1b2c3d4);
	le16(out, 2);
	le16(out, 4);
	le64(out, 0);
	le32(out, snaplen);
	le32(out, linktype);
}

void pcap_packet(struct buf *out, uint64_t time_us, const uint8_t *data, uint32_t n)
{
	le32(out, (uint32_t) (time_us / 1000000));
	le32(out, (uint32_t) (time_us % 1000000));
	le32(out, n);
	le32(out, n);
	buf_add(out, data, n);
}
