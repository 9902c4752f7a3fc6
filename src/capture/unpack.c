#include "capture/unpack.h"

#include <lz4frame.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

#define INPUT_SIZE (64u * 1024)
#define MAGIC_SIZE 4

/* What a decoder works on; it moves the pointers. */
struct work {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

enum step { STEP_ON, STEP_END, STEP_DAMAGED }; /* END: of a member or frame; another may follow */

struct codec {
	const char *name;
	uint8_t magic[MAGIC_SIZE], mask[MAGIC_SIZE];
	void *(*create)(void);
	enum step (*step)(void *state, struct work *w, const char **ret_why);
	void (*destroy)(void *state);
};

static void *gzip_create(void)
{
	z_stream *z = xnew(z_stream, 1);

	if (inflateInit2(z, 16 + MAX_WBITS) == Z_OK) /* 16: with gzip's header */
		return z;
	free(z);
	return NULL;
}

static enum step gzip_step(void *state, struct work *w, const char **ret_why)
{
	z_stream *z = state;
	int r;

	z->next_in = (Bytef *) (uintptr_t) w->in; /* zlib does not write there */
	z->avail_in = (uInt) w->in_left;
	z->next_out = w->out;
	z->avail_out = (uInt) w->out_left;
	r = inflate(z, Z_NO_FLUSH);
	w->in = z->next_in;
	w->in_left = z->avail_in;
	w->out = z->next_out;
	w->out_left = z->avail_out;
	if (r == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? STEP_END : STEP_DAMAGED;
	*ret_why = z->msg;
	return r == Z_OK || r == Z_BUF_ERROR ? STEP_ON : STEP_DAMAGED;
}

static void gzip_destroy(void *state)
{
	(void) inflateEnd(state);
	free(state);
}

static void *zstd_create(void)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();

	if (d)
		(void) ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, UNPACK_WINDOW_LOG);
	return d;
}

static enum step zstd_step(void *state, struct work *w, const char **ret_why)
{
	ZSTD_inBuffer in = {w->in, w->in_left, 0};
	ZSTD_outBuffer out = {w->out, w->out_left, 0};
	size_t r = ZSTD_decompressStream(state, &out, &in);

	w->in += in.pos;
	w->in_left -= in.pos;
	w->out += out.pos;
	w->out_left -= out.pos;
	if (!ZSTD_isError(r))
		return r == 0 ? STEP_END : STEP_ON;
	*ret_why = ZSTD_getErrorName(r);
	return STEP_DAMAGED;
}

static void zstd_destroy(void *state)
{
	(void) ZSTD_freeDCtx(state);
}

static void *lz4_create(void)
{
	LZ4F_dctx *d = NULL;

	return LZ4F_isError(LZ4F_createDecompressionContext(&d, LZ4F_VERSION)) ? NULL : d;
}

static enum step lz4_step(void *state, struct work *w, const char **ret_why)
{
	size_t in = w->in_left, out = w->out_left, r = LZ4F_decompress(state, w->out, &out, w->in, &in, NULL);

	if (LZ4F_isError(r)) {
		*ret_why = LZ4F_getErrorName(r);
		return STEP_DAMAGED;
	}
	w->in += in;
	w->in_left -= in;
	w->out += out;
	w->out_left -= out;
	return r == 0 ? STEP_END : STEP_ON;
}

static void lz4_destroy(void *state)
{
	(void) LZ4F_freeDecompressionContext(state);
}

#define WHOLE                                                                                                          \
	{                                                                                                              \
		0xff, 0xff, 0xff, 0xff                                                                                 \
	}
static const struct codec codecs[] = {
	{.name = "gzip",
	 .magic = {0x1f, 0x8b},
	 .mask = {0xff, 0xff},
	 .create = gzip_create,
	 .step = gzip_step,
	 .destroy = gzip_destroy},
	{.name = "zstd",
	 .magic = {0x28, 0xb5, 0x2f, 0xfd},
	 .mask = WHOLE,
	 .create = zstd_create,
	 .step = zstd_step,
	 .destroy = zstd_destroy},
	{.name = "zstd", /* a skippable frame comes first, as pzstd writes */
	 .magic = {0x50, 0x2a, 0x4d, 0x18},
	 .mask = {0xf0, 0xff, 0xff, 0xff},
	 .create = zstd_create,
	 .step = zstd_step,
	 .destroy = zstd_destroy},
	{.name = "lz4",
	 .magic = {0x04, 0x22, 0x4d, 0x18},
	 .mask = WHOLE,
	 .create = lz4_create,
	 .step = lz4_step,
	 .destroy = lz4_destroy},
};

struct unpack {
	struct unpack_input from;
	const struct codec *codec; /* NULL: none */
	void *state;
	bool begun, at_end, failed;
	bool between; /* nothing of a member has been read */
	bool full;    /* the last step filled its output: there may be more without input */
	uint64_t offset;
	const uint8_t *in;
	size_t in_left;
	char error[UNPACK_ERROR_SIZE];
	uint8_t input[INPUT_SIZE];
};

struct unpack *unpack_create(const struct unpack_input *from)
{
	struct unpack *u = xnew(struct unpack, 1);

	u->from = *from;
	u->in = u->input;
	u->between = true;
	return u;
}

static int take_in(struct unpack *u, void *p, unsigned n)
{
	int r = u->from.read(u->from.ctx, p, n);

	if (r > 0)
		u->offset += (unsigned) r;
	else
		u->at_end = true;
	u->failed |= r < 0;
	return r;
}

static const struct codec *find_codec(const uint8_t *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++) {
		const struct codec *c = &codecs[i];
		bool same = true;

		for (unsigned k = 0; k < MAGIC_SIZE; k++)
			same &= (p[k] & c->mask[k]) == c->magic[k];
		if (same)
			return c;
	}
	return NULL;
}

static void begin(struct unpack *u)
{
	u->begun = true;
	while (u->in_left < MAGIC_SIZE && !u->at_end) {
		int r = take_in(u, u->input + u->in_left, (unsigned) (INPUT_SIZE - u->in_left));

		u->in_left += r > 0 ? (size_t) r : 0;
	}
	if (u->in_left < MAGIC_SIZE)
		return;
	u->codec = find_codec(u->input);
	if (u->codec)
		u->state = u->codec->create();
	u->failed |= u->codec && !u->state;
}

static int read_plain(struct unpack *u, void *p, unsigned n)
{
	if (u->in_left) {
		n = n < u->in_left ? n : (unsigned) u->in_left;
		memcpy(p, u->in, n);
		u->in += n;
		u->in_left -= n;
		return (int) n;
	}
	if (u->at_end)
		return u->failed ? -1 : 0;
	return take_in(u, p, n);
}

static int fail(struct unpack *u, const char *what, const char *why)
{
	u->failed = true;
	(void) snprintf(u->error, sizeof(u->error), "its %s data is %s at octet %llu%s%.64s", u->codec->name, what,
			(unsigned long long) (u->offset - u->in_left), why && *why ? ": " : "", why ? why : "");
	return -1;
}

/* Zeros behind the end are padding, as of a tape or a card. */
static bool is_padding(const struct unpack *u)
{
	return u->between && u->in_left && u->in[0] == 0;
}

/* One step of the decoder: how many octets came out, or negative. */
static int step(struct unpack *u, void *p, unsigned n)
{
	struct work w = {u->in, u->in_left, p, n};
	const char *why = NULL;
	enum step s = u->codec->step(u->state, &w, &why);
	size_t out = n - w.out_left;

	if (w.in != u->in || out)
		u->between = false;
	if (s == STEP_ON && w.in == u->in && u->in_left && !out)
		s = STEP_DAMAGED; /* it would stand still for ever */
	u->in = w.in;
	u->in_left = w.in_left;
	u->full = w.out_left == 0;
	if (s == STEP_END) {
		u->between = true;
		u->full = false;
	} else if (s == STEP_DAMAGED) {
		(void) fail(u, "damaged", why);
	}
	return out ? (int) out : s == STEP_DAMAGED ? -1 : 0;
}

int unpack_read(struct unpack *u, void *p, unsigned n)
{
	if (!u->begun)
		begin(u);
	if (!u->codec)
		return read_plain(u, p, n);
	while (!u->failed) {
		int r;

		if (u->in_left == 0 && !u->full && !u->at_end) {
			r = take_in(u, u->input, INPUT_SIZE);
			u->in = u->input;
			u->in_left = r > 0 ? (size_t) r : 0;
		}
		if (u->failed)
			break;
		if (u->in_left == 0 && !u->full && u->at_end)
			return u->between ? 0 : fail(u, "cut", NULL);
		if (is_padding(u))
			return 0;
		r = step(u, p, n);
		if (r != 0)
			return r;
	}
	return -1;
}

const char *unpack_kind(const struct unpack *u)
{
	return u->codec ? u->codec->name : NULL;
}

uint64_t unpack_offset(const struct unpack *u)
{
	return u->offset;
}

const char *unpack_error(const struct unpack *u)
{
	return u->error;
}

void unpack_destroy(struct unpack *u)
{
	if (!u)
		return;
	if (u->state)
		u->codec->destroy(u->state);
	free(u);
}
