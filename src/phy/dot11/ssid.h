/* Private to the 802.11 phy: networks, as beacons, probe responses and probe requests show them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/ssid.h"

struct device;
struct dot11_device;
struct frame;
struct packet_ctx;

/* Hash of a network's name, by which records are found. */
uint32_t dot11_name_hash(const struct ssid *ssid);
/* Reads the elements of a beacon or probe response into the network's record. */
void dot11_observe_network(const struct packet_ctx *p, struct device *d, struct dot11_device *x);
/* A (re)association request, in the access point's record. */
void dot11_observe_join(const struct packet_ctx *p, struct device *d, struct dot11_device *ap);
/* Whether the network gave the name of the frame in a probe response before. */
bool dot11_has_answered(struct dot11_device *x, const struct frame *f);
/* A network that a station looks for. */
void dot11_observe_probe(const struct packet_ctx *p, struct device *d, struct dot11_device *x);
