#include "capture/tzsp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/doubt.h"
#include "capture/file_source.h"
#include "capture/private.h"
#include "capture/source_state.h"
#include "capture/trailer.h"
#include "conf/definition.h"

#define DATAGRAM_MAX 65536
#define POLL_MS 100
#define SOCKET_BUFFER (4 * 1024 * 1024)

enum tzsp_type { TZSP_RECEIVED = 0, TZSP_KEEPALIVE = 4, TZSP_OPENED = 5 };
enum tzsp_tag {
	TAG_PADDING = 0,
	TAG_END = 1,
	TAG_RSSI = 10,
	TAG_RATE = 12,
	TAG_FCS_ERROR = 17,
	TAG_CHANNEL = 18,
	TAG_LENGTH = 41,
};

static const struct {
	uint16_t protocol, linktype;
} protocols[] = {{18, LINKTYPE_IEEE802_11}, {119, LINKTYPE_PRISM}, {127, LINKTYPE_AVS}};

static void take_tag(uint8_t tag, struct span body, struct packet *p)
{
	uint8_t value = body.left ? body.p[0] : 0;

	if (body.left == 0)
		return;
	if (tag == TAG_RSSI && (int8_t) value < 0) {
		p->radio.have |= RADIO_HAS_SIGNAL;
		p->radio.signal_dbm = (int8_t) value;
	} else if (tag == TAG_RSSI) {
		p->radio.have |= RADIO_HAS_RSSI;
		p->radio.signal_rssi = value;
	} else if (tag == TAG_CHANNEL && value >= 1 && value <= 13) {
		p->radio.freq_khz = 2407000u + 5000u * value;
	} else if (tag == TAG_CHANNEL && value == 14) {
		p->radio.freq_khz = 2484000;
	} else if (tag == TAG_CHANNEL && value >= 32) {
		p->radio.freq_khz = 5000000u + 5000u * value;
	} else if (tag == TAG_RATE) {
		p->radio.rate_100kbps = value * 5u; /* in units of 500 kb/s */
	} else if (tag == TAG_FCS_ERROR) {
		p->damaged = value != 0;
	} else if (tag == TAG_LENGTH && body.left >= 2) {
		p->length = span_be16(&body);
	}
}

static bool take_tags(struct span *s, struct packet *p)
{
	while (s->left && !s->bad) {
		uint8_t tag = span_u8(s), length;

		if (tag == TAG_END)
			return true;
		if (tag == TAG_PADDING)
			continue;
		length = span_u8(s);
		take_tag(tag, span_sub(s, length), p);
	}
	return false;
}

int tzsp_read(struct span datagram, struct packet *ret_packet)
{
	struct span s = datagram;
	uint8_t version = span_u8(&s);
	uint8_t type = span_u8(&s);
	uint16_t protocol = span_be16(&s);
	struct packet p = {.source = ret_packet->source};

	if (s.bad)
		return ERR_TRUNCATED;
	if (version != 1)
		return ERR_MALFORMED;
	if (type != TZSP_RECEIVED)
		return 0;
	if (!take_tags(&s, &p))
		return ERR_MALFORMED;
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].protocol == protocol)
			p.linktype = protocols[i].linktype;
	if (!p.linktype)
		return ERR_UNSUPPORTED;
	p.data = span_of(s.p, s.left);
	if (p.length < s.left)
		p.length = (uint32_t) s.left;
	*ret_packet = p;
	return s.left ? 1 : 0;
}

/* Where it listens, of the definition; 0 or negative with a sentence. */
static int address_of(const struct definition *d, struct sockaddr_in *ret, char error[SOURCE_TEXT_SIZE])
{
	const char *listen = definition_get(d, "listen"), *port = definition_get(d, "port");
	unsigned long number = port ? strtoul(port, NULL, 10) : TZSP_PORT;

	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t) number)};
	if (number == 0 || number > 65535 || inet_pton(AF_INET, listen ? listen : "127.0.0.1", &ret->sin_addr) != 1) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"listen= takes an IPv4 address, and port= a number from 1 to 65535");
		return ERR_MALFORMED;
	}
	return 0;
}

static int open_socket(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	struct sockaddr_in at;
	int r = address_of(d, &at, error), size = SOCKET_BUFFER, fd;

	if (r < 0)
		return r;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		(void) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd >= 0 && bind(fd, (const struct sockaddr *) &at, sizeof(at)) == 0)
		return fd;
	r = errno ? -errno : -EIO;
	(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot listen for TZSP on port %u: %s", ntohs(at.sin_port),
			err_text(r));
	if (fd >= 0)
		(void) close(fd);
	return r;
}

int tzsp_check(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	int fd = open_socket(d, error);

	if (fd >= 0)
		(void) close(fd);
	return fd < 0 ? fd : 0;
}

static void publish(struct source *s, uint32_t dlt)
{
	(void) pthread_mutex_lock(&s->registry->lock);
	source_settle(s);
	s->record.packets = s->packets;
	s->record.error_packets = s->errors;
	s->record.dlt = dlt;
	if (s->packets)
		s->record.retry_attempts = 0;
	(void) pthread_mutex_unlock(&s->registry->lock);
}

static void take_datagram(struct source *s, struct doubt *doubt, struct trailers *trailers, uint32_t *ret_dlt,
			  const uint8_t *p, size_t n)
{
	struct packet packet = {.source = (uint16_t) s->record.number};
	int r = tzsp_read(span_of(p, n), &packet);

	if (r == 0)
		return;
	if (r < 0) {
		s->errors++;
		return;
	}
	if (s->paused)
		return;
	packet.number = ++s->packets;
	packet.time_us = clock_server_us();
	packet.live = true;
	packet.fcs_ignored = s->ignores_fcs;
	source_count(s, (uint32_t) (packet.time_us / 1000000), (uint32_t) packet.data.left);
	trailers_apply(trailers, &packet);
	s->registry->sink.packet(s->registry->sink.ctx, &packet, (uint32_t) (packet.time_us / 1000000));
	doubt_packet(doubt, &packet);
	trailers_learn(trailers, &packet);
	trailers_report(trailers, &packet, s);
	s->errors += packet.broken;
	*ret_dlt = packet.linktype;
}

static void listen_on(struct source *s, int fd, const struct definition *d)
{
	const char *sender = definition_get(d, "sender");
	uint8_t *datagram = xalloc(DATAGRAM_MAX);
	char text[SOURCE_TEXT_SIZE];
	uint64_t published_us = 0;
	struct doubt doubt = {0};
	struct trailers trailers = {0};
	struct in_addr only = {0};
	uint32_t dlt = s->record.dlt;

	if (sender && inet_pton(AF_INET, sender, &only) != 1)
		log_warning("sender=%.64s is not an IPv4 address; frames are accepted from every sender", sender);
	while (!s->stop) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		struct sockaddr_in from = {0};
		socklen_t size = sizeof(from);
		ssize_t n;

		if (clock_monotonic_us() - published_us > POLL_MS * 1000) {
			published_us = clock_monotonic_us();
			publish(s, dlt);
			if (doubt_due(&doubt, published_us) && doubt_text(&doubt, true, text, sizeof(text)))
				source_warn(s, text);
		}
		if (poll(&ready, 1, POLL_MS) <= 0)
			continue;
		n = recvfrom(fd, datagram, DATAGRAM_MAX, 0, (struct sockaddr *) &from, &size);
		if (n >= 0 && (only.s_addr == 0 || only.s_addr == from.sin_addr.s_addr))
			take_datagram(s, &doubt, &trailers, &dlt, datagram, (size_t) n);
	}
	publish(s, dlt);
	trailers_finish(&trailers);
	free(datagram);
}

void *tzsp_source_run(void *source)
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	char reason[SOURCE_TEXT_SIZE] = "The definition cannot be read";
	struct source *s = source;
	int fd = definition_parse(s->record.definition, d) < 0 ? ERR_MALFORMED : open_socket(d, reason);

	(void) pthread_setname_np(pthread_self(), "tzsp");
	if (fd < 0) {
		log_write(LOG_LEVEL_ERROR, "Source '%.128s': %s", s->record.name, reason);
		file_source_finish(s, &(struct source_end){SOURCE_ERROR, .reason = reason});
		return NULL;
	}
	s->registry->sink.open(s->registry->sink.ctx, (uint16_t) s->record.number, true, &s->record.uuid,
			       s->record.metagps);
	source_recovered(s);
	listen_on(s, fd, d);
	s->registry->sink.close(s->registry->sink.ctx, (uint16_t) s->record.number);
	(void) close(fd);
	file_source_finish(s, &(struct source_end){SOURCE_CLOSED, .reason = ""});
	return NULL;
}
