#include "phy/dot11/key_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/mem.h"

/* What stands before each packed frame: its struct key_frame without padding, and where things are. */
struct packed_head {
	uint64_t time_us, replay;
	uint32_t nonce_sum, sum;
	uint16_t packed, n, nonce_at, pmkid_at; /* octets packed, octets of the frame, where things stand */
	uint8_t message, has_pmkid, install, direction;
} __attribute__((packed));

static struct key_frame key_of(const struct packed_head *head)
{
	return (struct key_frame){.time_us = head->time_us,
				  .replay = head->replay,
				  .nonce_sum = head->nonce_sum,
				  .sum = head->sum,
				  .message = head->message,
				  .has_pmkid = head->has_pmkid};
}

/* What the frame says of the key; of one that was decrypted its message alone. */
static void read_key(struct packed_head *head, struct span frame, uint64_t time_us, uint8_t message)
{
	struct key_frame key;

	if (!key_frame_read(frame, time_us, &key))
		key = (struct key_frame){.time_us = time_us, .message = message & 7};
	head->time_us = key.time_us;
	head->replay = key.replay;
	head->nonce_sum = key.nonce_sum;
	head->sum = key.sum;
	head->message = key.message;
	head->has_pmkid = key.has_pmkid;
}

static struct packed_head head_at(const struct dot11_handshake *h, size_t at)
{
	struct packed_head head;

	memcpy(&head, h->packed.p + at, sizeof(head));
	return head;
}

static size_t next_at(const struct dot11_handshake *h, size_t at)
{
	return at + sizeof(struct packed_head) + head_at(h, at).packed;
}

/* Pairs of a count of octets with these, and a count of zeros that follow. to has room for n + n / 127 + 2. */
static size_t pack(const uint8_t *p, size_t n, uint8_t *to)
{
	size_t at = 0, i = 0;

	while (i < n) {
		size_t begin = i, zeros = 0;

		while (i < n && i - begin < 255 && (p[i] || (i + 1 < n && p[i + 1])))
			i++;
		to[at++] = (uint8_t) (i - begin);
		memcpy(to + at, p + begin, i - begin);
		at += i - begin;
		while (i < n && zeros < 255 && !p[i]) {
			zeros++;
			i++;
		}
		to[at++] = (uint8_t) zeros;
	}
	return at;
}

static void unpack(const uint8_t *p, size_t packed, uint8_t *to)
{
	for (size_t i = 0; i < packed;) {
		size_t some = p[i++];

		memcpy(to, p + i, some);
		memset(to + some, 0, p[i + some]);
		to += some + p[i + some];
		i += some + 1;
	}
}

struct field_items dot11_handshake_keys(const struct dot11_handshake *h, struct arena *arena)
{
	struct dot11_eapol *list = arena_alloc(arena, (h->count + 1u) * sizeof(*list));
	uint32_t n = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at)) {
		struct packed_head head = head_at(h, at);
		struct dot11_eapol *e = &list[n++];

		*e = (struct dot11_eapol){.time_us = head.time_us,
					  .nonce_at = head.nonce_at,
					  .pmkid_at = head.pmkid_at,
					  .direction = head.direction,
					  .message = head.message,
					  .install = head.install,
					  .frame = {arena_alloc(arena, head.n), head.n}};
		unpack(h->packed.p + at + sizeof(head), head.packed, e->frame.p);
	}
	return (struct field_items){list, n};
}

uint32_t dot11_handshake_messages(const struct dot11_handshake *h)
{
	uint32_t bits = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at))
		bits |= 1u << head_at(h, at).message;
	return bits;
}

struct key_frame *dot11_handshake_facts(const struct dot11_handshake *h)
{
	struct key_frame *frames = xnew(struct key_frame, h->count + 1u);
	uint32_t n = 0;

	for (size_t at = 0; at < h->packed.n; at = next_at(h, at)) {
		struct packed_head head = head_at(h, at);

		frames[n++] = key_of(&head);
	}
	return frames;
}

bool dot11_handshake_drop(struct dot11_handshake *h)
{
	struct key_frame *frames = dot11_handshake_facts(h);
	int least = handshake_least(frames, h->count);
	size_t victim = 0, end;

	free(frames);
	if (least < 0)
		return false;
	for (int i = 0; i < least; i++)
		victim = next_at(h, victim);
	end = next_at(h, victim);
	memmove(h->packed.p + victim, h->packed.p + end, h->packed.n - end);
	h->packed.n -= (uint32_t) (end - victim);
	h->count--;
	return true;
}

bool dot11_handshake_is_whole(const struct dot11_handshake *h)
{
	struct key_frame *frames = dot11_handshake_facts(h);
	struct handshake best;
	bool found = handshake_best(frames, h->count, &best);

	free(frames);
	return found;
}

struct dot11_packet dot11_eapol_packet(const struct dot11_eapol *e)
{
	return (struct dot11_packet){.time_us = e->time_us, .linktype = LINKTYPE_IEEE802_11, .data = e->frame};
}

static void append(struct dot11_handshake *h, struct packed_head *head, const uint8_t *frame)
{
	uint8_t packed[DOT11_PACKET_MAX * 2 + 2];

	head->packed = (uint16_t) pack(frame, head->n, packed);
	xgrow(h->packed.p, h->packed.n + sizeof(*head) + head->packed);
	memcpy(h->packed.p + h->packed.n, head, sizeof(*head));
	memcpy(h->packed.p + h->packed.n + sizeof(*head), packed, head->packed);
	h->packed.n += (uint32_t) (sizeof(*head) + head->packed);
	h->count++;
}

bool dot11_handshake_add(struct dot11_handshake *h, const struct dot11_eapol *e)
{
	struct packed_head head = {.n = (uint16_t) e->frame.n,
				   .nonce_at = e->nonce_at,
				   .pmkid_at = e->pmkid_at,
				   .direction = e->direction,
				   .install = e->install};

	if (e->frame.n == 0 || e->frame.n > DOT11_PACKET_MAX || limit_full(LIMIT_EAPOL, h->count))
		return false;
	read_key(&head, (struct span){.p = e->frame.p, .left = e->frame.n}, e->time_us, e->message);
	append(h, &head, e->frame.p);
	return true;
}
