/* The log class pcapppi: 802.11 frames behind a PPI header with position and signal, in classic pcap
 * (CACE Technologies, Per-Packet Information Header Specification 1.0.7; PPI-GEOLOCATION 1.2). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log/log_file.h"
#include "store/log/log_out.h"
#include "store/log/pcapng.h"
#include "wire/link/geo.h"

#define SNAPLEN 65535

enum { FIELD_COMMON = 2, FIELD_GPS = 30002, COMMON_BYTES = 20, FCS_FAILED = 4, NO_NOISE = -128 };
enum { GPS_VERSION = 2 };

struct ppi_log {
	struct log_out out;
	struct buf packet;
};

static void le16(struct buf *b, uint32_t v)
{
	buf_char(b, (char) v);
	buf_char(b, (char) (v >> 8));
}

static void le32(struct buf *b, uint32_t v)
{
	le16(b, v);
	le16(b, v >> 16);
}

static void *open_ppi(const char *path, uint32_t since_sec, const struct log_conf *conf, const struct log_rooms *rooms,
		      char ret_error[256])
{
	struct ppi_log *p = xnew(struct ppi_log, 1);

	(void) since_sec;
	(void) conf;
	(void) rooms;
	if (!log_out_open(&p->out, path, ret_error)) {
		free(p);
		return NULL;
	}
	pcap_begin(&p->out.text, LINKTYPE_PPI, SNAPLEN);
	return p;
}

static void put_position(struct buf *b, const struct position *p)
{
	bool high = p->fix >= POSITION_FIX_3D;
	uint32_t n = high ? 20 : 16;

	le16(b, FIELD_GPS);
	le16(b, n);
	buf_char(b, GPS_VERSION);
	buf_char(b, 0);
	le16(b, n);
	le32(b, GEO_PPI_LAT | GEO_PPI_LON | (high ? GEO_PPI_ALT : 0));
	le32(b, geo_fixed_degrees(p->lat));
	le32(b, geo_fixed_degrees(p->lon));
	if (high)
		le32(b, geo_fixed_metres((double) p->alt_m));
}

static void put_radio(struct buf *b, const struct packet_summary *s)
{
	le16(b, FIELD_COMMON);
	le16(b, COMMON_BYTES);
	le32(b, 0); /* no clock of the radio */
	le32(b, 0);
	le16(b, s->frame.bad ? FCS_FAILED : 0); /* the FCS itself is not there */
	le16(b, s->rate_100kbps / 5);
	le16(b, s->freq_khz / 1000);
	le16(b, 0);
	le16(b, 0); /* FHSS */
	buf_char(b, s->has_signal ? (char) s->signal_dbm : NO_NOISE);
	buf_char(b, s->has_noise ? (char) s->noise_dbm : NO_NOISE);
}

static enum log_took write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	struct ppi_log *l = file;
	struct buf *b = &l->packet;

	if (!s->captured || s->report || s->frame.link != LINKTYPE_IEEE802_11)
		return LOG_LEFT_OUT;
	buf_clear(b);
	le16(b, 0); /* version, flags */
	le16(b, 0);
	le32(b, LINKTYPE_IEEE802_11);
	if (s->position.fix >= POSITION_FIX_2D)
		put_position(b, &s->position);
	put_radio(b, s);
	b->p[2] = (char) b->len;
	b->p[3] = (char) (b->len >> 8);
	buf_add(b, data + s->frame.at, s->frame.octets);
	pcap_packet(&l->out.text, s->time_us, (const uint8_t *) b->p, (uint32_t) b->len);
	return log_out_check(&l->out) ? LOG_WRITTEN : LOG_FAILED;
}

static bool sync_ppi(void *file)
{
	return log_out_flush(&((struct ppi_log *) file)->out);
}

static bool tick(void *file, uint32_t server_sec)
{
	(void) server_sec;
	return sync_ppi(file);
}

static uint64_t bytes(void *file)
{
	const struct ppi_log *p = file;

	return p->out.bytes + p->out.text.len;
}

static void close_ppi(void *file, bool good)
{
	struct ppi_log *p = file;

	(void) good;
	log_out_close(&p->out);
	buf_finish(&p->packet);
	free(p);
}

const struct log_kind log_ppi = {
	.driver = {"pcapppi", "PcapPPI", "Wi-Fi packets with position and signal, for older programs", 1, 0},
	.suffix = "pcapppi",
	.id = LOG_CLASS_PPI,
	.open = open_ppi,
	.packet = write_packet,
	.sync = sync_ppi,
	.tick = tick,
	.bytes = bytes,
	.close = close_ppi};
