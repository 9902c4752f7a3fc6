/* Bluetooth devices reported by telephones and small computers that scan as clients do (Kismet's scan reports). */
#pragma once
#include "phy/bluetooth/bluetooth.h"

/* Takes the report of a scanning client. */
bool bluetooth_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json);
