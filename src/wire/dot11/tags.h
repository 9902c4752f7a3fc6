/* What a frame is tagged with in logs: Kismet's words. Pure. */
#pragma once
#include "wire/dot11/frame.h"

/* clang-format off */
#define FRAME_TAGS(X) \
	X(PROBE_REQ,        "DOT11_PROBE_REQ")        /* a probe request */ \
	X(BEACON_SSID,      "DOT11_BEACON_SSID")      /* a beacon that names its network */ \
	X(RESPONSE_SSID,    "DOT11_RESPONSE_SSID")    /* a probe response that does */ \
	X(WPAHANDSHAKE,     "DOT11_WPAHANDSHAKE")     /* a key frame of a handshake */ \
	X(DEAUTHENTICATION, "DOT11_DEAUTHENTICATION") \
	X(DISASSOCIATION,   "DOT11_DISASSOCIATION")
/* clang-format on */

enum frame_tag {
#define X(id, name) FRAME_TAG_##id,
	FRAME_TAGS(X)
#undef X
		FRAME_TAG_COUNT
};

/* The tags of a frame, 1 << enum frame_tag. */
uint8_t frame_tags(const struct frame *f);
const char *frame_tag_name(enum frame_tag tag);
