/* The header of old Prism cards (144 octets, by item), and its successor AVS (64 octets, big endian). */
#include "wire/link/prism.h"
#include "base/err.h"
#include "wire/link/radio_header.h"

#define PRISM_BYTES 144
#define AVS_MAGIC 0x80211001u

int prism_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	struct span head = *s;
	uint32_t items[10];

	if (s->left >= 4 && (span_be32(&head) & 0xfffff000u) == (AVS_MAGIC & 0xfffff000u))
		return avs_peel(s, packet, fcs);
	head = *s;
	span_skip(&head, 24);             /* message code, length, device */
	for (size_t i = 0; i < 10; i++) { /* each: id 4, status 2, length 2, data 4 */
		uint16_t status;

		span_skip(&head, 4);
		status = span_le16(&head);
		span_skip(&head, 2);
		items[i] = span_le32(&head);
		if (status)
			items[i] = 0;
	}
	if (head.bad || s->left < PRISM_BYTES)
		return ERR_TRUNCATED;
	if (items[2] >= 1 && items[2] <= 14) /* channel */
		packet->radio.freq_khz = items[2] == 14 ? 2484000 : (2407 + items[2] * 5) * 1000;
	packet->radio.signal_dbm = (int8_t) items[5];
	packet->radio.noise_dbm = (int8_t) items[6];
	if (items[5])
		packet->radio.have |= RADIO_HAS_SIGNAL;
	if (items[6])
		packet->radio.have |= RADIO_HAS_NOISE;
	packet->radio.rate_100kbps = items[7] * 5;
	span_skip(s, PRISM_BYTES);
	return 0;
}

int avs_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	struct span head = *s;
	uint32_t magic = span_be32(&head), length = span_be32(&head);
	uint32_t channel, rate, unit, signal, noise;

	(void) fcs;           /* its header does not mention one */
	span_skip(&head, 20); /* two times of 8, PHY type */
	channel = span_be32(&head);
	rate = span_be32(&head);
	span_skip(&head, 8); /* antenna, priority */
	unit = span_be32(&head);
	signal = span_be32(&head);
	noise = span_be32(&head);
	if (head.bad || length > s->left || length < 64)
		return ERR_TRUNCATED;
	if ((magic & 0xfffff000u) != (AVS_MAGIC & 0xfffff000u))
		return ERR_MALFORMED;
	if (channel >= 1 && channel <= 14)
		packet->radio.freq_khz = channel == 14 ? 2484000 : (2407 + channel * 5) * 1000;
	else if (channel < 256)
		packet->radio.freq_khz = channel ? (5000 + channel * 5) * 1000 : 0;
	packet->radio.rate_100kbps = rate;
	if (unit == 2) { /* dBm */
		packet->radio.signal_dbm = (int8_t) signal;
		packet->radio.noise_dbm = (int8_t) noise;
		packet->radio.have |= RADIO_HAS_SIGNAL | RADIO_HAS_NOISE;
	}
	span_skip(s, length);
	return 0;
}
