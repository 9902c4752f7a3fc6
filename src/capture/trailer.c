/* What stands behind a source's 802.11 frames (trailer.h). */
#include "capture/trailer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/private.h"
#include "capture/source_state.h"

#define FCS_OCTETS 4
#define FRAME_LEAST 10
#define FRAMES_KEPT 256 /* counts are halved there, so that a change is noticed */
#define FRAMES_SURE 64  /* from then on one of SAMPLE frames is looked at */
#define SAMPLE 16
#define MARKED_SURE 64 /* frames that are all marked as damaged */
#define MOST(part, all) ((part) *4u >= (all) *3u)

void trailers_apply(const struct trailers *t, struct packet *packet)
{
	for (size_t claimed = 0; claimed < 2; claimed++) {
		packet->trailer[claimed] = (struct packet_trailer){0};
		if (packet->interface < t->n)
			packet->trailer[claimed] = t->interfaces[packet->interface][claimed].is;
	}
}

__attribute__((noinline)) static void add_interfaces(struct trailers *t, uint32_t n)
{
	xgrow(t->interfaces, n);
	memset(t->interfaces + t->n, 0, (n - t->n) * sizeof(*t->interfaces));
	t->n = n;
}

static struct trailer *trailer_of(struct trailers *t, uint16_t interface, bool claimed)
{
	if (interface >= t->n)
		add_interfaces(t, (uint32_t) interface + 1);
	return &t->interfaces[interface][claimed];
}

static void halve(struct trailer *t)
{
	t->frames /= 2;
	t->right /= 2;
	t->changes /= 2;
	for (size_t k = 0; k <= TAIL_MAX; k++)
		t->at[k] /= 2;
}

/* Whether octets that are no FCS are of no frame: a network whose own elements are torn repeats itself. */
static bool is_garbage(const struct trailer *t)
{
	return t->frames >= TRAILER_FRAMES_GARBAGE && t->changes * 2u >= t->frames;
}

/* The least number of octets that most frames end before; one frame is enough for an FCS or none, whose form leaves
 * little to chance. */
static void decide(struct trailer *t, bool claimed)
{
	for (uint8_t k = 0; k <= TAIL_MAX; k++) {
		bool usual = k == 0 || (k == FCS_OCTETS && (claimed || t->right));

		if (!t->at[k] || !MOST(t->at[k], t->frames) || (!usual && !is_garbage(t)))
			continue;
		t->is.known = true;
		t->is.octets = k;
		t->is.is_fcs = t->right * 2u >= t->at[k];
		return;
	}
}

static void count(struct trailer *t, const struct packet *packet, struct span all, uint32_t ends)
{
	struct span last = span_of(all.p + all.left - FCS_OCTETS, FCS_OCTETS);
	uint32_t octets = span_le32(&last);

	t->frames++;
	t->right += packet->fcs_good;
	if (octets != t->last)
		t->changes++;
	t->last = octets;
	for (; ends; ends &= ends - 1)
		t->at[__builtin_ctz(ends)]++;
	if (t->frames == FRAMES_KEPT)
		halve(t);
	decide(t, packet->fcs_claimed);
}

/* A radio that calls every frame damaged, although most are as the one before, marks what it should not. The first
 * frame without the mark ends that. */
static void count_mark(struct trailer *t, const struct packet *packet, struct span all)
{
	struct span last;
	uint32_t octets;

	if (!packet->marked_bad) {
		t->unmarked = true;
		t->is.marks_all = false;
	}
	if (t->unmarked || t->marked == MARKED_SURE)
		return;
	last = span_of(all.p + all.left - FCS_OCTETS, FCS_OCTETS);
	octets = span_le32(&last);
	t->marked++;
	if (octets == t->last_marked)
		t->repeated++;
	t->last_marked = octets;
	t->is.marks_all = t->marked == MARKED_SURE && MOST(t->repeated, t->marked);
}

/* The frame with all that stands behind it. */
static struct span whole(const struct packet *packet)
{
	return span_of(packet->mpdu.p, (size_t) (packet->data.p + packet->data.left - packet->mpdu.p));
}

/* Looks at one of many frames: not inlined, so that the others cost next to nothing. */
__attribute__((noinline)) static void look(struct trailer *own, const struct packet *packet, struct span all)
{
	uint32_t ends = packet->fcs_good ? UINT32_C(1) << (all.left - packet->mpdu.left) : dot11_tail(all);

	own->passed = 0;
	if (ends)
		count(own, packet, all, ends);
}

void trailers_learn(struct trailers *t, const struct packet *packet)
{
	struct trailer *own;
	struct span all;

	if (packet->link != LINKTYPE_IEEE802_11 || packet->length > packet->data.left || !packet->mpdu.p)
		return;
	all = whole(packet);
	if (all.left < FRAME_LEAST)
		return;
	own = trailer_of(t, packet->interface, packet->fcs_claimed);
	count_mark(own, packet, all);
	if ((packet->marked_bad && !own->is.marks_all) || (own->frames >= FRAMES_SURE && ++own->passed < SAMPLE))
		return;
	look(own, packet, all);
}

/* What is wrong with what it says; false when nothing is. */
static bool fault_of(const struct trailer *t, bool claims, char *ret, size_t size)
{
	if (t->is.marks_all)
		(void) snprintf(ret, size, "%s",
				"the radio marks every frame as damaged, which is not believed: damage is not noticed");
	else if (t->is.octets == 0 && claims)
		(void) snprintf(
			ret, size, "%s",
			"the radio says that an FCS stands behind each frame, and there is none: frames are read as "
			"they are, and damage to them is not noticed");
	else if (t->is.octets == FCS_OCTETS && t->is.is_fcs && !claims)
		(void) snprintf(ret, size, "%s",
				"an FCS stands behind each frame, which the radio does not say: it is checked");
	else if (t->is.octets && (t->is.octets != FCS_OCTETS || !claims))
		(void) snprintf(ret, size, "%u octets that belong to no frame stand behind each: they are left out",
				t->is.octets);
	else
		return false;
	return true;
}

__attribute__((noinline)) static void report(struct trailers *t, struct trailer *own, const struct packet *packet,
					     struct source *s)
{
	char fault[TRAILER_TEXT_SIZE - 32];

	if (!fault_of(own, packet->fcs_claimed, fault, sizeof(fault)))
		return;
	own->reported = true;
	if (t->n > 1)
		(void) snprintf(t->said, sizeof(t->said), "interface %u: %s", packet->interface, fault);
	else
		(void) snprintf(t->said, sizeof(t->said), "%s", fault);
	source_warn(s, t->said);
}

void trailers_report(struct trailers *t, const struct packet *packet, struct source *s)
{
	struct trailer *own = packet->interface < t->n ? &t->interfaces[packet->interface][packet->fcs_claimed] : NULL;

	/* `passed` is 0 where the packet was looked at: else nothing has changed. */
	if (own && !own->passed && !own->reported && own->is.known && own->frames >= TRAILER_FRAMES_REPORTED)
		report(t, own, packet, s);
}

void trailers_finish(struct trailers *t)
{
	free(t->interfaces);
	*t = (struct trailers){0};
}
