#include "wire/dot11/tags.h"

/* A name of zero octets, or of NULs alone, is hidden. */
static bool is_named(const struct frame *f)
{
	for (size_t i = 0; (f->have & FRAME_HAS_SSID) && i < f->ssid.left; i++)
		if (f->ssid.p[i])
			return true;
	return false;
}

uint8_t frame_tags(const struct frame *f)
{
	if (f->type == FRAME_DATA)
		return (f->have & FRAME_HAS_EAPOL) ? 1 << FRAME_TAG_WPAHANDSHAKE : 0;
	if (f->type != FRAME_MANAGEMENT)
		return 0;
	switch (f->subtype) {
	case MGMT_PROBE_REQ: return 1 << FRAME_TAG_PROBE_REQ;
	case MGMT_BEACON: return is_named(f) ? 1 << FRAME_TAG_BEACON_SSID : 0;
	case MGMT_PROBE_RESP: return is_named(f) ? 1 << FRAME_TAG_RESPONSE_SSID : 0;
	case MGMT_DEAUTH: return 1 << FRAME_TAG_DEAUTHENTICATION;
	case MGMT_DISASSOC: return 1 << FRAME_TAG_DISASSOCIATION;
	default: return 0;
	}
}

const char *frame_tag_name(enum frame_tag tag)
{
	static const char *const names[] = {
#define X(id, name) name,
		FRAME_TAGS(X)
#undef X
	};

	return names[tag];
}
