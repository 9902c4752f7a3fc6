/* Any octets as an 802.11 frame: the dissector reads no octet beyond them and always ends, and so does what reads of
 * its elements who else it speaks for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/known.h"
#include "wire/dot11/profile.h"
#include "wire/dot11/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_profiles(const struct frame *f)
{
	struct profiles_at at = {0};
	struct profile p;
	struct links links;

	while (profile_next_bss(f, &at, &p))
		if (p.elements.list.left > sizeof(p.octets) || !p.number)
			abort();
	if (profile_links(f, &links))
		while (profile_next_link(f, &links, &p))
			if (p.elements.list.left > sizeof(p.octets))
				abort();
}

static void read_summaries(const struct frame *f)
{
	struct frame_security s = frame_security(f);
	struct span name;
	struct wps wps;

	if (frame_wps(f, &wps) != frame_has(f, ELEMENT_WPS) || (s.mfp_supported && !s.has_rsn) ||
	    (frame_ap_name(f, &name) && !name.left) || frame_generation(f) > 7 || frame_width_mhz(f) < 20)
		abort();
	(void) frame_rate(f);
	(void) frame_he_rate(f);
}

/* What is known of the frame itself, with another TIM, is what is read of it. */
static void read_known(struct span mpdu, const struct frame *f)
{
	static struct known_lists known;
	struct elements_at at = {0}, again_at = {0};
	struct element a, b;
	struct frame again;
	struct span tim;

	(void) frame_dissect_known(mpdu, &known, &again);
	if (frame_find(f, ELEMENT_TIM, &tim) && tim.left)
		*(uint8_t *) (uintptr_t) tim.p ^= 1;
	(void) frame_dissect_known(mpdu, &known, &again);
	if (again.have != f->have || again.channel != f->channel || again.ssid.p != f->ssid.p ||
	    again.ssid.left != f->ssid.left || again.elements.count != f->elements.count ||
	    again.elements.repeated != f->elements.repeated || again.elements.torn != f->elements.torn ||
	    again.elements.whole != f->elements.whole ||
	    memcmp(again.elements.have, f->elements.have, sizeof(f->elements.have)) != 0)
		abort();
	while (elements_next(&f->elements, &at, &a))
		if (!elements_next(&again.elements, &again_at, &b) || a.id != b.id || a.data.p != b.data.p ||
		    a.data.left != b.data.left || !frame_find(&again, a.id, &tim))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;
	uint8_t *exact = malloc(size ? size : 1);

	if (size)
		memcpy(exact, data, size);
	if (frame_dissect(span_of(exact, size), &frame) == 0) {
		read_profiles(&frame);
		read_summaries(&frame);
		read_known(span_of(exact, size), &frame);
	}
	free(exact);
	return 0;
}
