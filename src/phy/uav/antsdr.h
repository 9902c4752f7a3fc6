/* Reports of an AntSDR's datasource: a device of the UAV phy for each serial number. */
#pragma once
#include "track/packet_ctx.h"

struct json_in;
/* As report() of a phy (track/phy.h): false when it names no drone. */
bool antsdr_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json);
