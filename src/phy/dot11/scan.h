/* Private to the 802.11 phy: networks that a client found. */
#pragma once
#include <stdbool.h>

struct json_in;
struct packet;
struct packet_ctx;

/* As report() of a phy. */
bool dot11_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json);
