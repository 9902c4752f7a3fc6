/* The Bluetooth phy: devices that a controller reports (HCI). */
#include "phy/bluetooth/bluetooth.h"
#include "phy/bluetooth/ad_fields.h"
#include "phy/bluetooth/names.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "field/list.h"
#include "field/load.h"
#include "phy/bluetooth/drone.h"
#include "phy/bluetooth/scan.h"
#include "phy/uav/uav.h"
#include "track/packet_ctx.h"
#include "wire/bluetooth/btle.h"

static int read_packet(struct packet *packet, void *space, void *of_source)
{
	struct hci_frame *f = space;
	int r = hci_dissect(packet->mpdu, f);

	(void) of_source;
	packet->sender = f->n ? f->reports[0].mac : (struct mac){{0}};
	packet->transmitter = packet->sender;
	packet->bssid = packet->destination = (struct mac){{0}};
	packet->is_data = false;
	return r;
}

static bool has_vendor(const struct device *d)
{
	const struct bluetooth_device *x = device_part(d, PHY_BLUETOOTH);

	return x && x->address == BTLE_PUBLIC;
}

void bluetooth_keep_named(struct bluetooth_device *x, const char *text, struct span data)
{
	struct service_data *s = NULL;

	for (uint32_t i = 0; i < x->services.count; i++)
		if (strcmp(x->services.items[i].uuid, text) == 0)
			s = &x->services.items[i];
	if (!s && x->services.count == SERVICE_DATA_MAX)
		return;
	if (!s) {
		s = list_add((struct list *) &x->services, sizeof(*s), NULL);
		memset(s, 0, sizeof(*s));
		(void) snprintf(s->uuid, sizeof(s->uuid), "%s", text);
	}
	ad_keep(&s->data, data);
}

static void keep_service(struct bluetooth_device *x, struct span uuid, struct span data)
{
	char text[AD_UUID_TEXT_SIZE];

	ad_uuid_text(uuid, text);
	bluetooth_keep_named(x, text, data);
}

static void keep_services(struct bluetooth_device *x, struct span data)
{
	struct span body;
	uint8_t type;

	while (ad_next(&data, &type, &body)) {
		uint8_t size = type == AD_SERVICE_DATA16    ? 2
			       : type == AD_SERVICE_DATA32  ? 4
			       : type == AD_SERVICE_DATA128 ? 16
							    : 0;

		if (size && body.left >= size) {
			struct span uuid = span_sub(&body, size);

			keep_service(x, uuid, body);
		}
	}
}

static void init(const struct packet_ctx *p, struct device *d)
{
	struct bluetooth_device *x = device_part(d, PHY_BLUETOOTH);
	const struct hci_frame *f = p->space;

	for (uint32_t i = 0; i < f->n; i++)
		if (mac_equal(&f->reports[i].mac, &d->key.mac))
			x->address = (uint8_t) btle_address_kind(&d->key.mac, f->reports[i].random);
	d->basic_type_set = DEVICE_PEER;
}

/* What a device is. */
enum { TYPE_BR_EDR, TYPE_LE, TYPE_BT };
static const char *const types[] = {[TYPE_BR_EDR] = "BR/EDR", [TYPE_LE] = "BTLE", [TYPE_BT] = "BT", NULL};

static void set_type(const struct packet_ctx *p, struct device *d, struct bluetooth_device *x,
		     const struct hci_report *r)
{
	x->kind |= r->low_energy ? BLUETOOTH_LE : BLUETOOTH_BR_EDR;
	if (!uav_is_drone(d))
		device_set_type(p, d,
				x->kind == BLUETOOTH_LE       ? TYPE_LE
				: x->kind == BLUETOOTH_BR_EDR ? TYPE_BR_EDR
							      : TYPE_BT);
}

static void observe(const struct packet_ctx *p, struct device *d, const struct hci_report *r)
{
	struct bluetooth_device *x = device_part(d, PHY_BLUETOOTH);
	struct span body;

	set_type(p, d, x, r);
	device_keep_text(&d->name, r->name.left ? r->name : ad_name(r->data));
	ad_keep(&x->data, r->data);
	keep_services(x, r->data);
	bluetooth_observe_drone(d, r->data, p->packet->time_us);
	if (r->has_class) {
		x->device_class = r->device_class;
		x->has_class = true;
	}
	if (ad_find(r->data, AD_TX_POWER, &body) && body.left)
		x->tx_power = span_i8(&body);
}

struct device *bluetooth_enter(struct packet_ctx *p, struct packet *packet, const struct hci_report *r,
			       struct shard **ret_shard, uint32_t *ret_slot)
{
	struct device *d;

	packet->radio.have = r->has_rssi ? RADIO_HAS_SIGNAL : 0;
	packet->radio.signal_dbm = r->has_rssi ? r->rssi : 0;
	d = device_lock(p, &r->mac,
			UPDATE_PACKETS | UPDATE_CHANNEL | UPDATE_SEENBY | UPDATE_POSITION |
				(r->has_rssi ? UPDATE_SIGNAL : 0),
			ret_shard, ret_slot);
	if (!d)
		return NULL;
	if (p->observed)
		packet_observe(p, &(struct observation){.observation = OBSERVED_BLUETOOTH,
							.device = d,
							.shown = r,
							.fresh = p->moves->is_new});
	observe(p, d, r);
	return d;
}

static void apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	const struct hci_frame *f = space;
	struct shard *s;
	uint32_t slot;

	memcpy(p->channel, "FHSS", sizeof("FHSS"));
	for (uint32_t i = 0; i < f->n; i++) {
		packet->sender = packet->transmitter = f->reports[i].mac;
		if (bluetooth_enter(p, packet, &f->reports[i], &s, &slot))
			device_unlock(p, s, slot);
	}
}

/* The rows. Assigned Numbers 2.8: bits 8 to 12 of a class are the major one, 2 to 7 the minor. */

static const char *text_at(const char *const *list, size_t n, uint32_t i)
{
	return i < n && list[i] ? list[i] : "";
}
#define TEXT_AT(list, i) text_at(list, ARRAY_SIZE(list), i)

static const char *minor_text(uint32_t major, uint32_t minor)
{
	static const char *const computers[] = {
		"Uncategorized", "Desktop workstation", "Server", "Laptop", "Handheld", "Palm", "Wearable", "Tablet"};
	static const char *const phones[] = {"Uncategorized", "Cellular", "Cordless", "Smartphone", "Modem", "ISDN"};
	static const char *const audio[] = {
		"Uncategorized",      "Headset",     "Hands-free",    NULL,
		"Microphone",         "Loudspeaker", "Headphones",    "Portable audio",
		"Car audio",          "Set-top box", "HiFi audio",    "VCR",
		"Video camera",       "Camcorder",   "Video monitor", "Video display and loudspeaker",
		"Video conferencing", NULL,          "Gaming"};
	static const char *const inputs[] = {"Uncategorized", "Keyboard", "Pointing device", "Combo"};
	static const char *const wearables[] = {NULL, "Wristwatch", "Pager", "Jacket", "Helmet", "Glasses", "Pin"};

	switch (major) {
	case 1: return TEXT_AT(computers, minor);
	case 2: return TEXT_AT(phones, minor);
	case 4: return TEXT_AT(audio, minor);
	case 5: return TEXT_AT(inputs, minor >> 4);
	case 7: return TEXT_AT(wearables, minor);
	default: return "";
	}
}

#define X struct bluetooth_device
static struct field_text major_class(const void *obj, struct field_ctx *ctx)
{
	static const char *const majors[] = {"Miscellaneous", "Computer",   "Phone",   "Network access point",
					     "Audio/Video",   "Peripheral", "Imaging", "Wearable",
					     "Toy",           "Health"};
	const X *x = obj;
	const char *text = x->has_class ? TEXT_AT(majors, x->device_class >> 8 & 0x1f) : "";

	(void) ctx;
	return (struct field_text){text, strlen(text)};
}

static struct field_text minor_class(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;
	const char *text = x->has_class ? minor_text(x->device_class >> 8 & 0x1f, x->device_class >> 2 & 0x3f) : "";

	(void) ctx;
	return (struct field_text){text, strlen(text)};
}

static struct field_items uuids(const void *obj, struct field_ctx *ctx)
{
	return ad_uuids(&((const X *) obj)->data, false, ctx);
}
static struct field_items solicited(const void *obj, struct field_ctx *ctx)
{
	return ad_uuids(&((const X *) obj)->data, true, ctx);
}
static struct field_text company(const void *obj, struct field_ctx *ctx)
{
	return ad_company_text(&((const X *) obj)->data, ctx);
}
static bool has_class(const void *obj)
{
	return ((const X *) obj)->has_class;
}
static bool set_class(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;

	x->has_class = field_load_value(row, obj, v, l);
	return x->has_class;
}

static const struct field service_key = FIELD_ELEM(struct service_data, uuid);
static const struct field service_value = FIELD_ELEM(struct service_data, data);
static const char *const address_texts[] = {
	"public", "random static", "random resolvable", "random non-resolvable", "reserved", NULL};

static const struct field rows[] = {
	FIELD_CALL_TEXT("bluetooth.device.major_class", major_class, "Major class in words."),
	FIELD_CALL_TEXT("bluetooth.device.minor_class", minor_class, "Minor class in words."),
	FIELD(X, "bluetooth.device.type", kind, "Bits: BR/EDR 1, Low Energy 2."),
	FIELD_CALL_LIST("bluetooth.device.service_uuid_vec", uuids, sizeof(struct ad_uuid), &ad_uuid_elem,
			"Services that it offers."),
	FIELD_CALL_LIST("bluetooth.device.solicitation_uuid_vec", solicited, sizeof(struct ad_uuid), &ad_uuid_elem,
			"Services that it looks for."),
	FIELD(X, "bluetooth.device.scan_data_bytes", data, "Its advertising data or inquiry response, in hex."),
	FIELD_KEYED(X, "bluetooth.device.service_data_bytes", services, &service_key, &service_value,
		    "What its services say, in hex, by the service.", .type = "map[string, x]"),
	FIELD(X, "bluetooth.device.txpower", tx_power, "Transmit power it advertises, dBm."),
	FIELD(X, "bluetooth.device.pathloss", pathloss, "Path loss as a scanning client reports it, dB."),
	FIELD_TEXTS(X, "norn.bluetooth.address_type", address, address_texts, "Kind of its address."),
	FIELD_CALL_TEXT("norn.bluetooth.company", company, "Company of its manufacturer data, or the number."),
	FIELD(X, "norn.bluetooth.class", device_class, "Its class, as a number.", .present = has_class,
	      .set = set_class),
};
struct field_table bluetooth_table = FIELD_TABLE(X, "bluetooth", rows);

const struct phy bluetooth_phy = {
	.name = "Bluetooth",
	.record_name = "bluetooth.device",
	.names = bluetooth_names,
	.record_doc = "What a controller or a scanning client reports of a Bluetooth device.",
	.record = &bluetooth_table,
	.links = {LINKTYPE_BLUETOOTH_HCI_H4},
	.repeats = true,
	.types = types,
	.dissect = read_packet,
	.apply = apply,
	.init = init,
	.has_vendor = has_vendor,
	.reports = {"BLUETOOTHSCAN", "linuxbthci"},
	.report = bluetooth_report,
};
