#include "capture/pcapfile.h"

#include <stdarg.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/owned_file.h"
#include "capture/kismetdb_file.h"
#include "capture/unpack.h"
#include "wire/link/geo.h"

#define BUFFER_SIZE (PCAPFILE_BLOCK_MAX + 256u * 1024)
#define READ_SIZE (256u * 1024)

enum { BLOCK_IDB = 1, BLOCK_OLD = 2, BLOCK_SPB = 3, BLOCK_EPB = 6 }; /* others are passed over, however long */
#define BLOCK_SHB 0x0a0d0d0au
#define SHB_MAGIC 0x1a2b3c4du
#define LINKTYPE_HAS_FCS 0x04000000u /* bits above the link type: draft-ietf-opsawg-pcap, 4 */
#define LINKTYPE_FCS_SHIFT 28        /* in units of 2 octets */
#define MAGIC 0xa1b2c3d4u
#define MAGIC_NANOSECONDS 0xa1b23c4du
#define MAGIC_PATCHED 0xa1b2cd34u

enum { HEAD = 16, HEAD_PATCHED = 24 }; /* octets before a packet of classic pcap */
enum { OPTION_FLAGS = 2, FLAGS_FCS_SHIFT = 5, FLAGS_FCS_MASK = 15 };
#define FLAGS_DAMAGED 0xf7000000u                          /* link-layer errors but for the gap between frames */
enum { OPTION_CUSTOM = 2989, OPTION_CUSTOM_KEPT = 19373 }; /* binary, of the owner of the number that follows */

struct interface {
	uint16_t linktype;
	uint8_t resolution; /* if_tsresol */
	uint8_t fcs_octets; /* if_fcslen: of a checksum behind each frame */
	uint32_t snaplen;
	uint64_t offset_sec;
};

struct pcapfile {
	struct pcapfile_input input;
	int fd; /* of a file that was opened here; -1: none */
	struct unpack *unpack;
	struct kismetdb_file *log; /* a kismetdb: nothing else counts then */
	uint8_t *buffer;
	size_t start, end;
	uint64_t before; /* octets of the capture before the buffer's first */
	uint64_t packets;
	bool at_end, failed, swapped, nanoseconds, is_ng;
	bool patched;       /* classic pcap as Kuznetzov's libpcap wrote it, with longer heads of packets */
	uint8_t fcs_octets; /* classic pcap: of a checksum behind each frame */
	uint16_t linktype;
	uint32_t snaplen;            /* classic pcap; 0: none */
	unsigned n_interfaces, room; /* room: of interfaces */
	unsigned earlier;            /* interfaces of sections before */
	struct interface *interfaces;
	char error[PCAPFILE_ERROR_SIZE];
};

static uint32_t get32(const struct pcapfile *f, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return f->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t get16(const struct pcapfile *f, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return f->swapped ? __builtin_bswap16(v) : v;
}

/* The sentence, and where in the capture that is. */
__attribute__((format(printf, 3, 4))) static int fail(struct pcapfile *f, int err, const char *format, ...)
{
	const char *kind = f->unpack ? unpack_kind(f->unpack) : NULL;
	va_list args;
	size_t n;

	va_start(args, format);
	(void) vsnprintf(f->error, sizeof(f->error), format, args);
	va_end(args);
	n = strlen(f->error);
	n += (size_t) snprintf(f->error + n, sizeof(f->error) - n, ": packet %llu",
			       (unsigned long long) f->packets + 1);
	if (!f->log && n < sizeof(f->error))
		(void) snprintf(f->error + n, sizeof(f->error) - n, ", at octet %llu%s",
				(unsigned long long) (f->before + f->start), kind ? " of what was unpacked" : "");
	return err;
}

/* What is said before any packet. */
static int refuse(struct pcapfile *f, int err, const char *text)
{
	(void) snprintf(f->error, sizeof(f->error), "%s", text);
	return err;
}

/* Reads until n bytes (at most BUFFER_SIZE) are in the buffer; how many there are. */
static size_t fill(struct pcapfile *f, size_t n)
{
	if (f->end - f->start >= n)
		return f->end - f->start;
	memmove(f->buffer, f->buffer + f->start, f->end - f->start);
	f->before += f->start;
	f->end -= f->start;
	f->start = 0;
	while (f->end < n && !f->at_end) {
		size_t room = BUFFER_SIZE - f->end;
		bool stopped = f->input.stop && *f->input.stop;
		int r = stopped ? 0
				: unpack_read(f->unpack, f->buffer + f->end,
					      (unsigned) (room < READ_SIZE ? room : READ_SIZE));

		if (r <= 0) {
			f->at_end = true;
			f->failed = r < 0;
		} else {
			f->end += (size_t) r;
		}
	}
	return f->end - f->start;
}

static const char *why_not(const struct pcapfile *f)
{
	return *unpack_error(f->unpack) ? unpack_error(f->unpack) : "it cannot be read on";
}

/* 1 when n bytes are there, 0 at a clean end, ERR_TRUNCATED for a cut. */
static int need(struct pcapfile *f, size_t n)
{
	size_t have = fill(f, n);

	if (have >= n)
		return 1;
	if (f->failed)
		return fail(f, ERR_MALFORMED, "%s", why_not(f));
	if (have == 0)
		return 0;
	return fail(f, ERR_TRUNCATED, "the file is cut within its last packet");
}

static int next_classic(struct pcapfile *f, struct packet *ret)
{
	const size_t head = f->patched ? HEAD_PATCHED : HEAD;
	int r = need(f, head);
	const uint8_t *p;
	uint32_t caplen, fraction;

	if (r <= 0)
		return r;
	caplen = get32(f, f->buffer + f->start + 8);
	if (caplen > PCAPFILE_CAPLEN_MAX)
		return fail(f, ERR_LIMIT, "a packet claims more than %u octets", PCAPFILE_CAPLEN_MAX);
	r = need(f, head + caplen);
	if (r <= 0)
		return r;
	p = f->buffer + f->start;
	fraction = get32(f, p + 4);
	ret->time_us = get32(f, p) * UINT64_C(1000000) + (f->nanoseconds ? fraction / 1000 : fraction);
	ret->length = get32(f, p + 12);
	ret->linktype = f->linktype;
	ret->fcs_octets = f->fcs_octets;
	/* Like libpcap: a packet longer than the file's own limit is cut to it. */
	ret->data = span_of(p + head, f->snaplen && caplen > f->snaplen ? f->snaplen : caplen);
	f->start += head + caplen;
	return 1;
}

static uint64_t to_us(const struct interface *i, uint64_t ts)
{
	uint8_t e = i->resolution & 0x7f;

	if (i->resolution & 0x80) {
		ts = e > 63 ? 0 : (uint64_t) (((unsigned __int128) ts * 1000000) >> e);
	} else {
		for (; e < 6; e++)
			ts *= 10;
		for (; e > 6 && ts; e--)
			ts /= 10;
	}
	return ts + i->offset_sec * 1000000;
}

static bool is_little(const struct pcapfile *f)
{
	const uint16_t one = 1;

	return (*(const uint8_t *) &one == 1) != f->swapped;
}

/* if_fcslen is in bits; who writes less than one octet means octets. */
static uint8_t fcs_octets(uint8_t length)
{
	return length < 8 ? length : length / 8;
}

static int add_interface(struct pcapfile *f, const uint8_t *body, size_t n)
{
	struct interface *i;

	if (n < 8)
		return fail(f, ERR_MALFORMED, "an interface block is too short");
	if (f->n_interfaces == PCAPFILE_INTERFACES_MAX)
		return fail(f, ERR_LIMIT, "a section has more than %d interfaces", PCAPFILE_INTERFACES_MAX);
	if (f->n_interfaces == f->room)
		xgrow(f->interfaces, f->room = f->room ? f->room * 2 : 16);
	i = &f->interfaces[f->n_interfaces];
	*i = (struct interface){.linktype = get16(f, body), .resolution = 6, .snaplen = get32(f, body + 4)};
	for (size_t at = 8; at + 4 <= n;) {
		uint16_t code = get16(f, body + at), len = get16(f, body + at + 2);

		at += 4;
		if (code == 0 || len > n - at)
			break;
		if (code == 9 && len == 1)
			i->resolution = body[at];
		if (code == 13 && len == 1)
			i->fcs_octets = fcs_octets(body[at]);
		if (code == 14 && len == 8) {
			uint32_t a = get32(f, body + at), b = get32(f, body + at + 4);

			i->offset_sec = is_little(f) ? (uint64_t) b << 32 | a : (uint64_t) a << 32 | b;
		}
		at += (len + 3u) & ~3u;
	}
	f->n_interfaces++;
	return 0;
}

/* The interface's number in the whole file; those beyond what fits are not told apart. */
static uint16_t number_of(const struct pcapfile *f, uint32_t id)
{
	return f->earlier + id < UINT16_MAX ? (uint16_t) (f->earlier + id) : UINT16_MAX;
}

/* What its flags say (draft-ietf-opsawg-pcapng 4.3.1): octets of an FCS where they are known, and link-layer errors. */
static void packet_flags(uint32_t flags, struct packet *ret)
{
	uint8_t fcs_octets = flags >> FLAGS_FCS_SHIFT & FLAGS_FCS_MASK;

	ret->damaged = flags & FLAGS_DAMAGED;
	if (fcs_octets)
		ret->fcs_octets = fcs_octets;
}

/* Options behind a frame's octets: its position, its flags. */
static void packet_options(const struct pcapfile *f, const uint8_t *p, size_t n, size_t caplen, struct packet *ret)
{
	bool placed = false;

	for (size_t at = (caplen + 3u) & ~(size_t) 3; at + 4 <= n;) {
		uint16_t code = get16(f, p + at), len = get16(f, p + at + 2);

		at += 4;
		if (code == 0 || len > n - at)
			return;
		if (code == OPTION_FLAGS && len == 4)
			packet_flags(get32(f, p + at), ret);
		if (!placed && (code == OPTION_CUSTOM || code == OPTION_CUSTOM_KEPT))
			placed = geo_kismet_read(span_of(p + at, len), !is_little(f), &ret->position);
		at += (len + 3u) & ~3u;
	}
}

/* A frame of an enhanced (or old) packet block. */
static int packet_block(struct pcapfile *f, bool old, const uint8_t *b, size_t n, struct packet *ret)
{
	uint32_t id, caplen;

	if (n < 20)
		return fail(f, ERR_MALFORMED, "a packet block is too short");
	id = old ? get16(f, b) : get32(f, b);
	caplen = get32(f, b + 12);
	if (id >= f->n_interfaces || caplen > n - 20)
		return fail(f, ERR_MALFORMED, "a packet block has a wrong interface or length");
	if (caplen > PCAPFILE_CAPLEN_MAX)
		return fail(f, ERR_LIMIT, "a packet claims more than %u octets", PCAPFILE_CAPLEN_MAX);
	ret->time_us = to_us(&f->interfaces[id], (uint64_t) get32(f, b + 4) << 32 | get32(f, b + 8));
	ret->length = get32(f, b + 16);
	ret->linktype = f->interfaces[id].linktype;
	ret->fcs_octets = f->interfaces[id].fcs_octets;
	ret->interface = number_of(f, id);
	ret->data = span_of(b + 20, caplen);
	packet_options(f, b + 20, n - 20, caplen, ret);
	return 1;
}

static int simple_block(struct pcapfile *f, const uint8_t *b, size_t n, struct packet *ret)
{
	uint32_t snap, caplen;

	if (n < 4 || f->n_interfaces == 0)
		return fail(f, ERR_MALFORMED, "a simple packet block without interface or length");
	snap = f->interfaces[0].snaplen;
	ret->length = caplen = get32(f, b);
	if (snap && caplen > snap)
		caplen = snap;
	if (caplen > n - 4 || caplen > PCAPFILE_CAPLEN_MAX)
		return fail(f, ERR_MALFORMED, "a simple packet block has a wrong length");
	ret->time_us = 0;
	ret->linktype = f->interfaces[0].linktype;
	ret->fcs_octets = f->interfaces[0].fcs_octets;
	ret->interface = number_of(f, 0);
	ret->data = span_of(b + 4, caplen);
	return 1;
}

static bool is_read(uint32_t type)
{
	return type == BLOCK_SHB || type == BLOCK_IDB || type == BLOCK_OLD || type == BLOCK_SPB || type == BLOCK_EPB;
}

/* Passes over n octets of a block that is not read: 1, or as need(). */
static int skip(struct pcapfile *f, size_t n)
{
	while (n) {
		size_t some = n < READ_SIZE ? n : READ_SIZE;
		int r = need(f, some);

		if (r <= 0)
			return r ? r : fail(f, ERR_TRUNCATED, "the file is cut within its last block");
		f->start += some;
		n -= some;
	}
	return 1;
}

/* 1 for a frame, 0 for a block without one. */
static int block(struct pcapfile *f, uint32_t type, const uint8_t *b, size_t n, struct packet *ret)
{
	switch (type) {
	case BLOCK_SHB:
		f->earlier += f->n_interfaces;
		f->n_interfaces = 0;
		return 0;
	case BLOCK_IDB: return add_interface(f, b, n);
	case BLOCK_EPB:
	case BLOCK_OLD: return packet_block(f, type == BLOCK_OLD, b, n, ret);
	case BLOCK_SPB: return simple_block(f, b, n, ret);
	default: return 0;
	}
}

static int section_order(struct pcapfile *f)
{
	f->swapped = false;
	if (get32(f, f->buffer + f->start + 8) == SHB_MAGIC)
		return 0;
	f->swapped = true;
	if (get32(f, f->buffer + f->start + 8) == SHB_MAGIC)
		return 0;
	return fail(f, ERR_MALFORMED, "a pcapng section has no byte order");
}

/* 1 for a frame, 0 for none. Its length stands behind it as well (draft-ietf-opsawg-pcapng, 3.1). */
static int whole_block(struct pcapfile *f, uint32_t type, uint32_t len, struct packet *ret)
{
	int r = need(f, len);

	if (r <= 0)
		return r;
	if (get32(f, f->buffer + f->start + len - 4) != len)
		return fail(f, ERR_MALFORMED, "the two lengths of a pcapng block differ");
	r = block(f, type, f->buffer + f->start + 8, len - 12, ret);
	f->start += len;
	return r;
}

static int next_ng(struct pcapfile *f, struct packet *ret)
{
	for (;;) {
		int r = need(f, 12);
		uint32_t type, len;

		if (r <= 0)
			return r;
		type = get32(f, f->buffer + f->start);
		if (type == BLOCK_SHB && section_order(f) < 0)
			return ERR_MALFORMED;
		len = get32(f, f->buffer + f->start + 4);
		if (len < 12 || len % 4)
			return fail(f, ERR_MALFORMED, "a pcapng block has a wrong length");
		if (!is_read(type)) {
			r = skip(f, len);
		} else if (len > PCAPFILE_BLOCK_MAX) {
			r = fail(f, ERR_LIMIT, "a pcapng block is longer than %u octets", PCAPFILE_BLOCK_MAX);
		} else {
			r = whole_block(f, type, len, ret);
			if (r > 0)
				return r;
		}
		if (r < 0)
			return r;
	}
}

static int next_of_log(struct pcapfile *f, struct packet *ret)
{
	int r = kismetdb_file_next(f->log, ret);

	return r < 0 ? fail(f, r, "the log is damaged (`norn-log repair` saves what can be read)") : r;
}

int pcapfile_next(struct pcapfile *file, struct packet *ret_packet)
{
	int r;

	if (file->error[0])
		return ERR_MALFORMED;
	if (file->log)
		r = next_of_log(file, ret_packet);
	else
		r = file->is_ng ? next_ng(file, ret_packet) : next_classic(file, ret_packet);
	file->packets += r > 0;
	return r;
}

static int read_header(struct pcapfile *f)
{
	size_t have = fill(f, 24);
	uint32_t magic, linktype;

	if (f->failed && have < 24)
		return refuse(f, ERR_MALFORMED, why_not(f));
	if (have < 4)
		return refuse(f, ERR_TRUNCATED, have ? "the file is too short for a capture" : "the file is empty");
	magic = get32(f, f->buffer);
	if (magic == BLOCK_SHB) {
		f->is_ng = true;
		return have < 12 ? refuse(f, ERR_TRUNCATED, "the file is cut within its header") : section_order(f);
	}
	if (memcmp(f->buffer, "SQLi", 4) == 0)
		return refuse(f, ERR_UNSUPPORTED, "a kismetdb log is not read while it is compressed; unpack it first");
	f->swapped = __builtin_bswap32(magic) == MAGIC || __builtin_bswap32(magic) == MAGIC_NANOSECONDS ||
		     __builtin_bswap32(magic) == MAGIC_PATCHED;
	magic = get32(f, f->buffer);
	f->nanoseconds = magic == MAGIC_NANOSECONDS;
	f->patched = magic == MAGIC_PATCHED;
	if (magic != MAGIC && !f->nanoseconds && !f->patched)
		return refuse(f, ERR_UNSUPPORTED, "the file is neither pcap nor pcapng");
	if (have < 24)
		return refuse(f, ERR_TRUNCATED, "the file is cut within its header");
	linktype = get32(f, f->buffer + 20);
	f->linktype = (uint16_t) linktype;
	f->fcs_octets = linktype & LINKTYPE_HAS_FCS ? (uint8_t) (linktype >> LINKTYPE_FCS_SHIFT) * 2 : 0;
	f->snaplen = get32(f, f->buffer + 16);
	f->start = 24;
	return 0;
}

static struct pcapfile *make(const struct pcapfile_input *input, int fd)
{
	struct pcapfile *f = xnew(struct pcapfile, 1);

	f->input = *input;
	f->fd = fd;
	if (fd >= 0)
		f->input.ctx = f;
	f->buffer = xalloc(BUFFER_SIZE);
	f->unpack = unpack_create(&(struct unpack_input){f->input.read, f->input.ctx});
	return f;
}

static int begin(struct pcapfile *f, struct pcapfile **ret_file, char ret_error[PCAPFILE_ERROR_SIZE])
{
	int r = read_header(f);

	memcpy(ret_error, f->error, sizeof(f->error));
	if (r < 0) {
		pcapfile_close(f);
		return r;
	}
	*ret_file = f;
	return 0;
}

int pcapfile_open_input(const struct pcapfile_input *input, struct pcapfile **ret_file,
			char ret_error[PCAPFILE_ERROR_SIZE])
{
	return begin(make(input, -1), ret_file, ret_error);
}

static int read_file(void *ctx, void *p, unsigned n)
{
	const struct pcapfile *f = ctx;
	ssize_t r;

	do
		r = read(f->fd, p, n);
	while (r < 0 && errno == EINTR);
	return (int) r;
}

static int open_log(const char *path, struct pcapfile **ret_file, char ret_error[PCAPFILE_ERROR_SIZE])
{
	struct kismetdb_file *log;
	int r = kismetdb_file_open(path, &log, ret_error, PCAPFILE_ERROR_SIZE);

	if (r < 0)
		return r;
	*ret_file = xnew(struct pcapfile, 1);
	(*ret_file)->log = log;
	(*ret_file)->fd = -1;
	return 0;
}

int pcapfile_open(const char *path, struct pcapfile **ret_file, char ret_error[PCAPFILE_ERROR_SIZE])
{
	int fd;

	if (owned_file_at(path)) {
		(void) snprintf(ret_error, PCAPFILE_ERROR_SIZE, "it is the log that this server writes");
		return ERR_UNSUPPORTED;
	}
	if (kismetdb_file_is(path))
		return open_log(path, ret_file, ret_error);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		int e = errno;

		(void) snprintf(ret_error, PCAPFILE_ERROR_SIZE, "cannot open the file: %s", err_text(-e));
		return -e;
	}
	return begin(make(&(struct pcapfile_input){.read = read_file}, fd), ret_file, ret_error);
}

void pcapfile_stop_by(struct pcapfile *file, const _Atomic bool *stop)
{
	file->input.stop = stop;
}

uint64_t pcapfile_offset(struct pcapfile *file)
{
	return file->log ? kismetdb_file_offset(file->log) : unpack_offset(file->unpack);
}

const char *pcapfile_error(const struct pcapfile *file)
{
	return file->error;
}

void pcapfile_close(struct pcapfile *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		(void) close(file->fd);
	unpack_destroy(file->unpack);
	kismetdb_file_close(file->log);
	free(file->interfaces);
	free(file->buffer);
	free(file);
}
