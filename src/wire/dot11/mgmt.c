/* Management frames: the fixed fields of each subtype (IEEE 802.11-2020 9.3.3), then elements. */
#include "wire/dot11/parse.h"

#include <string.h>

#include "wire/dot11/readers.h"
#include "wire/channel.h"

static void fixed_beacon(struct span *s, struct frame *f)
{
	f->timestamp = span_le64(s);
	f->beacon_interval = span_le16(s);
	f->capability = span_le16(s);
}
static void fixed_assoc_req(struct span *s, struct frame *f)
{
	f->capability = span_le16(s);
	span_skip(s, 2);
}
static void fixed_reassoc_req(struct span *s, struct frame *f)
{
	fixed_assoc_req(s, f);
	span_skip(s, 6);
}
static void fixed_assoc_resp(struct span *s, struct frame *f)
{
	f->capability = span_le16(s);
	f->status = span_le16(s);
	span_skip(s, 2);
}
static void fixed_none(struct span *s, struct frame *f)
{
	(void) s;
	(void) f;
}
static void fixed_reason(struct span *s, struct frame *f)
{
	f->reason = span_le16(s);
}

/* SAE puts group, scalar and element where others have elements: they are not walked. */
static void fixed_auth(struct span *s, struct frame *f)
{
	f->auth_algorithm = span_le16(s);
	f->auth_transaction = span_le16(s);
	f->status = span_le16(s);
	if (f->auth_algorithm == 3)
		*s = (struct span){0};
}

static void (*const fixed[16])(struct span *, struct frame *) = {
	[MGMT_ASSOC_REQ] = fixed_assoc_req,     [MGMT_ASSOC_RESP] = fixed_assoc_resp,
	[MGMT_REASSOC_REQ] = fixed_reassoc_req, [MGMT_REASSOC_RESP] = fixed_assoc_resp,
	[MGMT_PROBE_REQ] = fixed_none,          [MGMT_PROBE_RESP] = fixed_beacon,
	[MGMT_BEACON] = fixed_beacon,           [MGMT_DISASSOC] = fixed_reason,
	[MGMT_DEAUTH] = fixed_reason,           [MGMT_AUTH] = fixed_auth,
};

#define SSID_OCTETS 32

/* 9.4.2.2: the first that is not too long. */
static void find_name(struct frame *f)
{
	struct elements_at at = {0};

	while (elements_next_of(&f->elements, &at, ELEMENT_SSID, &f->ssid))
		if (f->ssid.left <= SSID_OCTETS) {
			f->have |= FRAME_HAS_SSID;
			return;
		}
	f->ssid = (struct span){0};
}

/* A number that no band has is of a damaged element: as good as none. */
static bool take_channel(struct frame *f, uint8_t number, enum channel_band band)
{
	if (!channel_exists(number, band))
		return false;
	f->channel = number;
	f->have |= FRAME_HAS_CHANNEL | (band == CHANNEL_BAND_6 ? FRAME_IS_6GHZ : 0);
	return true;
}

/* The newest element that names the channel outranks the older ones: HE operation at 6 GHz, where there is no HT; HT
 * operation; the DS parameter set. VHT and EHT operation name centres alone. */
static void find_channel(struct frame *f)
{
	struct ht_operation ht;
	struct he_operation he;
	struct span data;
	uint8_t number;

	if (frame_find(f, ELEMENT_HT_OPERATION, &data) && ht_operation_read(data, &ht) &&
	    take_channel(f, ht.channel, CHANNEL_BAND_2_AND_5))
		return;
	if (frame_find(f, ELEMENT_HE_OPERATION, &data) && he_operation_read(data, &he) &&
	    take_channel(f, he.channel_6ghz, CHANNEL_BAND_6))
		return;
	if (frame_find(f, ELEMENT_DSSS_PARAMETER_SET, &data) && dsss_read(data, &number) &&
	    !take_channel(f, number, CHANNEL_BAND_2_AND_5) && channel_exists(number, CHANNEL_BAND_6)) {
		f->channel = number; /* the radio says whether it is that band's */
		f->have |= FRAME_HAS_CHANNEL;
	}
}

void parse_management(struct span body, struct known_lists *known, struct frame *f)
{
	if (f->protected_ || !fixed[f->subtype])
		return;
	if (f->order) /* HT control, 9.3.3.1 */
		span_skip(&body, 4);
	fixed[f->subtype](&body, f);
	if (body.bad) {
		f->have |= FRAME_IES_TORN;
		return;
	}
	parse_elements(body, known_list_of(known, f), f);
}

void parse_names(struct frame *f)
{
	f->have |= f->elements.torn ? FRAME_IES_TORN : 0;
	find_name(f);
	find_channel(f);
}

/* Bits of its frame control, by which its fixed fields are there. */
enum { S1G_NEXT_TBTT = 0x100, S1G_COMPRESSED_SSID = 0x200, S1G_ACCESS_OPTIONS = 0x400, S1G_SECURITY = 0x4000 };

/* 9.4.2.196, S1G Beacon Compatibility: compatibility information, interval, the upper half of the timestamp. */
static void find_s1g_compatibility(struct frame *f)
{
	struct span data;
	uint16_t interval;
	uint64_t upper;

	if (!frame_find(f, ELEMENT_S1G_BEACON_COMPATIBILITY, &data))
		return;
	span_skip(&data, 2);
	interval = span_le16(&data);
	upper = span_le32(&data);
	if (data.bad)
		return;
	f->beacon_interval = interval;
	f->timestamp |= upper << 32;
}

void parse_s1g_beacon(struct span body, uint16_t frame_control, struct frame *f)
{
	const uint8_t *source;

	span_skip(&body, 2); /* duration */
	source = span_take(&body, 6);
	f->timestamp = span_le32(&body);
	span_skip(&body, 1u + (frame_control & S1G_NEXT_TBTT ? 3 : 0) + (frame_control & S1G_COMPRESSED_SSID ? 4 : 0) +
				 (frame_control & S1G_ACCESS_OPTIONS ? 1 : 0));
	if (body.bad) {
		f->short_header = true;
		return;
	}
	elements_index(body, &f->elements);
	parse_names(f);
	if (!frame_has(f, ELEMENT_S1G_BEACON_COMPATIBILITY) && !(frame_control & S1G_COMPRESSED_SSID) &&
	    f->ssid.left == 0)
		return; /* it says nothing of a network */
	memset(&f->addr1, 0xff, sizeof(f->addr1));
	f->receiver = f->destination = f->addr1;
	f->addr2 = f->addr3 = f->source = f->transmitter = f->bssid = mac_from(source);
	f->type = FRAME_MANAGEMENT;
	f->subtype = MGMT_BEACON;
	f->have |= FRAME_HAS_ADDRESSES | FRAME_IS_S1G;
	f->capability = frame_control & S1G_SECURITY ? CAPABILITY_PRIVACY : 0;
	f->body = body;
	find_s1g_compatibility(f);
}
