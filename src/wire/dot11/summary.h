/* What several elements of one frame say together. Pure; worked out when somebody asks. */
#pragma once
#include "wire/dot11/frame.h"
#include "wire/dot11/readers.h"

/* RSN and WPA and their like, all of them, and the privacy bit of a network: what is protected is never 0. */
struct frame_security {
	uint64_t crypt; /* CRYPT_BIT()s; CRYPT_UNKNOWN when the elements were cut before one that says how */
	bool mfp_required, mfp_supported;
	bool has_rsn; /* one that can be read */
};
struct frame_security frame_security(const struct frame *f);
static inline bool frame_is_beacon(const struct frame *f)
{
	return f->type == FRAME_MANAGEMENT && f->subtype == MGMT_BEACON;
}
/* A beacon, or an answer to a probe. */
bool frame_is_of_network(const struct frame *f);
/* Wi-Fi Simple Configuration: attributes may be spread over several elements. False without one. */
bool frame_wps(const struct frame *f, struct wps *ret);
/* Generation of Wi-Fi by the elements, 4 (802.11n) to 7 (802.11be); 0: an older one. */
uint8_t frame_generation(const struct frame *f);
/* The fastest rate up to VHT, and of HE and EHT, in 100 kbit/s; 0: none. */
uint32_t frame_rate(const struct frame *f);
uint32_t frame_he_rate(const struct frame *f);
/* How wide the channel is in MHz: by HE and EHT operation, else VHT's, else HT's. */
uint16_t frame_width_mhz(const struct frame *f);
/* A vendor's name of the access point. */
bool frame_ap_name(const struct frame *f, struct span *ret);
