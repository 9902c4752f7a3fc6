/* Hash lines of whatever frames are kept: each is two octets of length, then the frame; the first introduces the
 * network. */
#include <stdlib.h>

#include "base/mem.h"
#include "field/list.h"
#include "phy/dot11/handshake_packets.h"
#include "phy/dot11/hc22000.h"
#include "phy/dot11/key_frames.h"
#include "wire/packet.h"

#define FRAMES_MOST 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct octets next(struct span *s)
{
	uint16_t n = span_be16(s);
	struct span frame = span_up_to(s, n < DOT11_PACKET_MAX ? n : DOT11_PACKET_MAX);

	return (struct octets){.p = (uint8_t *) (uintptr_t) frame.p, .n = (uint32_t) frame.left};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = {.p = data, .left = size};
	struct dot11_packet beacon = {.data = next(&s)};
	struct dot11_handshake handshake = {.client = {{2, 0, 0, 0, 0, 1}}};
	struct dot11_keys keys = {
		.handshakes = {.items = &handshake, .count = 1}, .beacon_packet = &beacon, .pmkid_packet = &beacon};
	struct dot11_device ap = {.keys = &keys};
	struct dot11_packets packets = {0};
	struct arena arena = {0};
	struct buf out = {0};

	for (unsigned i = 0; i < FRAMES_MOST && s.left; i++)
		(void) dot11_handshake_add(&handshake,
					   &(struct dot11_eapol){.time_us = i, .frame = next(&s), .message = i & 7});
	hc22000_write(&ap, NULL, &arena, &out);
	dot11_handshake_packets(&ap, NULL, &arena, &packets);
	free(packets.items);
	free(handshake.packed.p);
	buf_finish(&out);
	arena_finish(&arena);
	return 0;
}
