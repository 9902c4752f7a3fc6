/* The key frames of a client, packed in the record of its access point. */
#pragma once
#include "phy/dot11/dot11.h"
#include "phy/dot11/handshake.h"

/* The key frames of a handshake, in the arena, in the order in which they came: an array of struct dot11_eapol. */
struct field_items dot11_handshake_keys(const struct dot11_handshake *h, struct arena *arena);
/* What pairing asks of those frames (phy/dot11/handshake.h), in the same order; the caller frees them. */
struct key_frame *dot11_handshake_facts(const struct dot11_handshake *h);
/* The messages held: bit n for message n. */
uint32_t dot11_handshake_messages(const struct dot11_handshake *h);
/* Adds a frame; false when it is too long or there are too many. */
bool dot11_handshake_add(struct dot11_handshake *h, const struct dot11_eapol *e);
/* Makes room for another frame; false when all are needed. */
bool dot11_handshake_drop(struct dot11_handshake *h);
/* Whether they hold a whole handshake. */
bool dot11_handshake_is_whole(const struct dot11_handshake *h);
/* The frame as a packet that points into e. */
struct dot11_packet dot11_eapol_packet(const struct dot11_eapol *e);
