#include "phy/dot11/handshake.h"

#include "base/crc.h"
#include "wire/dot11/frame.h"

static bool is_zero(struct span s)
{
	for (size_t i = 0; i < s.left; i++)
		if (s.p[i])
			return false;
	return true;
}

bool key_frame_read(struct span frame, uint64_t time_us, struct key_frame *ret)
{
	struct frame f;

	if (frame_dissect(frame, &f) < 0 || !(f.have & FRAME_HAS_EAPOL))
		return false;
	*ret = (struct key_frame){.time_us = time_us,
				  .replay = f.eapol.replay_counter,
				  .sum = crc_32(f.payload.p, f.payload.left),
				  .message = f.eapol.message,
				  .has_pmkid = f.eapol.has_pmkid};
	if (!is_zero(f.eapol.nonce))
		ret->nonce_sum = crc_32(f.eapol.nonce.p, f.eapol.nonce.left);
	return true;
}

static bool is_soon(const struct key_frame *a, const struct key_frame *b)
{
	return a->time_us <= b->time_us ? b->time_us - a->time_us <= HANDSHAKE_WITHIN_US
					: a->time_us - b->time_us <= HANDSHAKE_WITHIN_US;
}

/* The last frame before that position with that message and counter; -1: there is none. */
static int last_before(const struct key_frame *f, uint32_t at, uint8_t message, uint64_t replay)
{
	for (uint32_t i = at; i-- > 0;)
		if (f[i].message == message && f[i].replay == replay)
			return is_soon(&f[i], &f[at]) ? (int) i : -1;
	return -1;
}

static int first_after(const struct key_frame *f, uint32_t n, uint32_t at, uint8_t message, uint64_t replay)
{
	for (uint32_t i = at + 1; i < n; i++)
		if (f[i].message == message && f[i].replay == replay)
			return is_soon(&f[i], &f[at]) ? (int) i : -1;
	return -1;
}

/* The first of the frames that equal the one at that position. */
static uint32_t first_of(const struct key_frame *f, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (f[i].sum == f[at].sum)
			return i;
	return at;
}

/* True if the second message at that position is the last before the later one. */
static bool is_answered(const struct key_frame *f, uint32_t at, int later)
{
	int last = last_before(f, (uint32_t) later, 2, f[at].replay);

	return last >= 0 && f[last].sum == f[at].sum;
}

/* What a second message belongs to. A third one answers the last second message before it, whose first message has its
 * nonce. */
static bool of_second(const struct key_frame *f, uint32_t n, uint32_t at, struct handshake *h)
{
	int third = first_after(f, n, at, 3, f[at].replay + 1), fourth = first_after(f, n, at, 4, f[at].replay + 1);
	int first = last_before(f, at, 1, f[at].replay);

	if (third >= 0 && first >= 0 && f[first].nonce_sum != f[third].nonce_sum)
		third = -1;
	if (third >= 0 && !is_answered(f, at, third))
		third = -1;
	if (fourth >= 0 && !is_answered(f, at, fourth))
		fourth = -1;
	h->message[1] = first;
	h->message[2] = (int) first_of(f, at);
	h->message[3] = third;
	h->message[4] = fourth;
	h->proven = third >= 0 || fourth >= 0;
	return f[at].nonce_sum && (third >= 0 || first >= 0);
}

/* A client that sends the fourth message knows that the passphrase is right. */
static bool of_fourth(const struct key_frame *f, uint32_t at, struct handshake *h)
{
	h->message[4] = (int) first_of(f, at);
	h->message[3] = last_before(f, at, 3, f[at].replay);
	h->message[1] = last_before(f, at, 1, f[at].replay - 1);
	h->proven = h->message[3] >= 0 || h->message[1] >= 0;
	return h->proven && f[at].nonce_sum;
}

bool handshake_at(const struct key_frame *frames, uint32_t n, uint32_t at, struct handshake *ret)
{
	*ret = (struct handshake){.message = {-1, -1, -1, -1, -1}};
	if (frames[at].message == 2)
		return of_second(frames, n, at, ret);
	return frames[at].message == 4 && of_fourth(frames, at, ret);
}

int handshake_signed(const struct handshake *h)
{
	return h->message[2] >= 0 ? h->message[2] : h->message[4];
}

int handshake_nonce(const struct handshake *h)
{
	return h->message[3] >= 0 ? h->message[3] : h->message[1];
}

/* The less passed between its messages, the surer they belong together. */
static uint64_t gap_of(const struct key_frame *f, const struct handshake *h)
{
	uint64_t a = f[handshake_signed(h)].time_us, b = f[handshake_nonce(h)].time_us;

	return a < b ? b - a : a - b;
}

static bool is_better(const struct key_frame *f, const struct handshake *a, const struct handshake *b)
{
	return a->proven != b->proven ? a->proven : gap_of(f, a) < gap_of(f, b);
}

bool handshake_best(const struct key_frame *frames, uint32_t n, struct handshake *ret)
{
	struct handshake h;
	bool found = false;

	for (uint32_t i = 0; i < n; i++) {
		if (!handshake_at(frames, n, i, &h) || (found && !is_better(frames, &h, ret)))
			continue;
		*ret = h;
		found = true;
	}
	return found;
}

static bool has_nonce_of(const struct key_frame *f, uint32_t at, const struct handshake *h)
{
	for (int message = 1; message <= 3; message++)
		if (h->message[message] >= 0 && f[h->message[message]].nonce_sum == f[at].nonce_sum)
			return true;
	return false;
}

void handshake_mark_misleading(const struct key_frame *frames, uint32_t n, bool *ret_misleading)
{
	struct handshake h;
	bool any = false;

	for (uint32_t i = 0; i < n; i++)
		ret_misleading[i] = !frames[i].has_pmkid && (frames[i].message == 1 || frames[i].message == 2);
	for (uint32_t i = 0; i < n; i++) {
		if (!handshake_at(frames, n, i, &h) || !h.proven)
			continue;
		any = true;
		for (uint32_t j = 0; j < n; j++)
			ret_misleading[j] &= !has_nonce_of(frames, j, &h);
	}
	for (uint32_t i = 0; i < n && !any; i++)
		ret_misleading[i] = false;
}

static bool is_of(const struct handshake *h, uint32_t at)
{
	for (int message = 1; message <= 4; message++)
		if (h->message[message] == (int) at)
			return true;
	return false;
}

int handshake_least(const struct key_frame *frames, uint32_t n)
{
	struct handshake best = {.message = {-1, -1, -1, -1, -1}};

	(void) handshake_best(frames, n, &best);
	for (uint32_t i = 0; i < n; i++)
		if (first_of(frames, i) != i && !is_of(&best, i))
			return (int) i;
	for (uint32_t i = 0; i < n; i++)
		if (!is_of(&best, i))
			return (int) i;
	return -1;
}
