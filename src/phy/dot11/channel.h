/* Private to the 802.11 phy: channels, as frames name them. */
#pragma once
#include <stdbool.h>

#include "wire/channel.h"

struct device;
struct dot11_device;
struct packet_ctx;

/* The channel that the frame itself names, of its own band; false, and "", when it names none. */
bool dot11_named_channel(const struct packet_ctx *p, char ret_text[CHANNEL_TEXT_SIZE]);
/* Of the packet: that, else the radio's. */
void dot11_set_channel(struct packet_ctx *p);
/* Of a device that the frame touches: a network whose own frames have named theirs stays on it. Under the lock. */
void dot11_take_channel(const struct packet_ctx *p, struct device *d, const struct dot11_device *x);
