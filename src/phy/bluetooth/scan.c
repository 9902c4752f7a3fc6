/* Bluetooth devices reported by telephones and small computers that scan as clients do (Kismet's scan reports). */
#include "phy/bluetooth/scan.h"

#include <stdlib.h>
#include <string.h>

#include "field/load.h"
#include "phy/bluetooth/bluetooth.h"
#include "track/packet_ctx.h"
#include "track/report.h"

#define DATA_MAX 512 /* octets of a device's data */

static void take_service_data(struct bluetooth_device *x, const struct json_in *services)
{
	const struct json_in *v;
	const char *name;
	void *cursor = NULL;

	for (int i = 0; i < SERVICE_DATA_MAX && (v = json_in_next(services, &cursor, &name)) != NULL; i++) {
		struct octets o = {0};

		if (strlen(name) < AD_UUID_TEXT_SIZE && field_load_hex(v, DATA_MAX, &o))
			bluetooth_keep_named(x, name, span_of(o.p, o.n));
		free(o.p);
	}
}

static void take_numbers(struct bluetooth_device *x, const struct json_in *json)
{
	static const char *const powers[] = {"txpowerlevel", NULL}, *const losses[] = {"pathloss", NULL};
	double v;

	if (report_real(json, powers, &v) && v >= -128 && v <= 127)
		x->tx_power = (int16_t) v;
	if (report_real(json, losses, &v) && v >= 0 && v < 32768)
		x->pathloss = (int16_t) v;
}

static bool says_low_energy(const struct json_in *json)
{
	const char *kind = json_in_text(json_in_get(json, "devicetype"));

	return kind && (strstr(kind, "LE") || strstr(kind, "le"));
}

bool bluetooth_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	const char *address = json_in_text(json_in_get(json, "btaddr")),
		   *name = json_in_text(json_in_get(json, "name"));
	struct octets data = {0};
	struct hci_report r = {0};
	struct bluetooth_device *x;
	struct shard *s;
	struct device *d;
	uint32_t slot;

	(void) type;
	if (!address || mac_parse(address, strlen(address), &r.mac) < 0)
		return false;
	(void) field_load_hex(json_in_get(json, "scan_data"), DATA_MAX, &data);
	r.low_energy = says_low_energy(json);
	r.data = span_of(data.p, data.n);
	r.name = span_of(name, name ? strlen(name) : 0);
	report_signal(json, &packet->radio);
	packet->sender = packet->transmitter = r.mac;
	r.has_rssi = packet->radio.have & RADIO_HAS_SIGNAL;
	r.rssi = packet->radio.signal_dbm;
	memcpy(p->channel, "FHSS", sizeof("FHSS"));
	d = bluetooth_enter(p, packet, &r, &s, &slot);
	if (d) {
		x = device_part(d, PHY_BLUETOOTH);
		take_service_data(x, json_in_get(json, "service_data"));
		take_numbers(x, json);
		device_unlock(p, s, slot);
	}
	free(data.p);
	return true;
}
