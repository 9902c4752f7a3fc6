/* The BTLE phy: devices that advertise, scan or connect, as seen on the air. */
#include "phy/bluetooth/ad_fields.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/bluetooth/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "phy/bluetooth/drone.h"
#include "track/packet_ctx.h"
#include "wire/bluetooth/btle.h"

#define HOPS "FHSS" /* Kismet's channel of what hops */

static int read_packet(struct packet *packet, void *space, void *of_source)
{
	struct btle_frame *f = space;
	int r = btle_dissect(packet->mpdu, packet->radio.coded, f);

	(void) of_source;
	packet->is_data = r >= 0 && !f->advertising;
	packet->sender = packet->transmitter = f->sender;
	packet->destination = f->target;
	packet->bssid = (struct mac){{0}};
	return r;
}

static void init(const struct packet_ctx *p, struct device *d)
{
	const struct btle_frame *f = p->space;
	struct btle_device *x = device_part(d, PHY_BTLE);

	device_set_type(p, d, 0);
	d->basic_type_set = DEVICE_PEER;
	x->address = mac_equal(&d->key.mac, &f->sender) ? f->sender_kind : f->target_kind;
}

static bool has_vendor(const struct device *d)
{
	const struct btle_device *x = device_part(d, PHY_BTLE);

	return x && x->address == BTLE_PUBLIC;
}

static void observe_sender(struct device *d, const struct btle_frame *f)
{
	struct btle_device *x = device_part(d, PHY_BTLE);

	device_keep_text(&d->name, ad_name(f->data));
	ad_keep(f->pdu == BTLE_SCAN_RSP ? &x->answered : &x->advertised, f->data);
	x->scans |= f->pdu == BTLE_SCAN_REQ;
	x->connects |= f->pdu == BTLE_CONNECT_IND;
	if (f->has_tx_power)
		x->tx_power = f->tx_power;
}

static void apply_sender(struct packet_ctx *p, const struct btle_frame *f)
{
	struct shard *s;
	uint32_t slot;
	struct device *d = device_lock(p, &f->sender,
				       UPDATE_PACKETS | UPDATE_SIGNAL | UPDATE_FREQ | UPDATE_CHANNEL | UPDATE_SEENBY |
					       UPDATE_POSITION,
				       &s, &slot);

	if (!d)
		return;
	if (p->observed)
		packet_observe(
			p, &(struct observation){
				   .observation = OBSERVED_BTLE, .device = d, .shown = f, .fresh = p->moves->is_new});
	observe_sender(d, f);
	bluetooth_observe_drone(d, f->data, p->packet->time_us);
	device_unlock(p, s, slot);
}

/* The device it connects to exists, though this frame did not come from it. */
static void apply_target(struct packet_ctx *p, const struct btle_frame *f)
{
	uint32_t flags = UPDATE_PACKETS | UPDATE_CHANNEL | UPDATE_SEENBY, slot;
	struct shard *s;

	if (f->pdu != BTLE_CONNECT_IND)
		flags |= UPDATE_EXISTING;
	if (device_lock(p, &f->target, flags, &s, &slot))
		device_unlock(p, s, slot);
}

static void apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	const struct btle_frame *f = space;
	bool ignore = ((const struct btle_conf *) p->phy->state)->ignore_random;

	(void) packet;
	memcpy(p->channel, HOPS, sizeof(HOPS));
	if (f->has_sender && !(ignore && f->sender_kind != BTLE_PUBLIC))
		apply_sender(p, f);
	if (f->has_target && !(ignore && f->target_kind != BTLE_PUBLIC))
		apply_target(p, f);
	if (f->pdu == BTLE_CONNECT_IND && f->has_sender && f->has_target)
		devices_relate(p, &f->sender, &f->target, "norn_btle_connection");
}

/* The rows. */

static const char *const address_texts[] = {
	"public", "random static", "random resolvable", "random non-resolvable", "reserved", NULL};

#define X struct btle_device
#define FLAG(name, bit)                                                                                                \
	static uint64_t name(const void *obj, struct field_ctx *ctx)                                                   \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return (ad_flags(&((const X *) obj)->advertised) & (bit)) != 0;                                        \
	}
FLAG(limited, AD_LIMITED)
FLAG(general, AD_GENERAL)
FLAG(no_br_edr, AD_NO_BR_EDR)
FLAG(both_controller, AD_BOTH_CONTROLLER)
FLAG(both_host, AD_BOTH_HOST)

static struct field_items uuids(const void *obj, struct field_ctx *ctx)
{
	return ad_uuids(&((const X *) obj)->advertised, false, ctx);
}
static struct field_items solicited(const void *obj, struct field_ctx *ctx)
{
	return ad_uuids(&((const X *) obj)->advertised, true, ctx);
}
static struct field_items services(const void *obj, struct field_ctx *ctx)
{
	return ad_service_data(&((const X *) obj)->advertised, ctx);
}
static struct field_text company(const void *obj, struct field_ctx *ctx)
{
	return ad_company_text(&((const X *) obj)->advertised, ctx);
}
static struct field_text appearance(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ad_appearance_text(&((const X *) obj)->advertised, false);
}
static struct field_text appearance_exact(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ad_appearance_text(&((const X *) obj)->advertised, true);
}
static struct field_items service_names(const void *obj, struct field_ctx *ctx)
{
	return ad_service_names(&((const X *) obj)->advertised, ctx);
}
static int64_t tx_power(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;
	struct span body;

	(void) ctx;
	if (ad_find(span_of(x->advertised.p, x->advertised.n), AD_TX_POWER, &body) && body.left)
		return span_i8(&body);
	return x->tx_power;
}

static const struct field rows[] = {
	FIELD_CALL_U64("btle.device.le_limited_discoverable", limited, "It can be found for a while.",
		       .type = "uint8_t"),
	FIELD_CALL_U64("btle.device.le_general_discoverable", general, "It can be found.", .type = "uint8_t"),
	FIELD_CALL_U64("btle.device.br_edr_unsupported", no_br_edr, "It supports Low Energy only.", .type = "uint8_t"),
	FIELD_CALL_U64("btle.device.simultaneous_br_edr_controller", both_controller,
		       "Its controller supports both at once.", .type = "uint8_t"),
	FIELD_CALL_U64("btle.device.simultaneous_br_edr_host", both_host, "Its host supports both at once.",
		       .type = "uint8_t"),
	FIELD_TEXTS(X, "norn.btle.address_type", address, address_texts, "Kind of its address."),
	FIELD_CALL_TEXT("norn.btle.company", company, "Company of its manufacturer data, or the number."),
	FIELD_CALL_TEXT("norn.btle.appearance", appearance, "Category of its appearance."),
	FIELD_CALL_TEXT("norn.btle.appearance_exact", appearance_exact,
			"Appearance within the category, where it is given."),
	FIELD_CALL_I64("norn.btle.tx_power", tx_power, "Transmit power it advertises, dBm; 0: none."),
	FIELD_CALL_LIST("norn.btle.service_uuids", uuids, sizeof(struct ad_uuid), &ad_uuid_elem,
			"Services that it offers."),
	FIELD_CALL_LIST("norn.btle.service_names", service_names, sizeof(struct ad_text), &ad_text_elem,
			"Services by name, or the member of the Bluetooth SIG whose number it is."),
	FIELD_CALL_LIST("norn.btle.solicitation_uuids", solicited, sizeof(struct ad_uuid), &ad_uuid_elem,
			"Services that it looks for."),
	FIELD_CALL_LIST("norn.btle.service_data", services, sizeof(struct ad_service), &ad_service_elem,
			"What its services say."),
	FIELD(X, "norn.btle.scans", scans, "It was seen sending scan requests.", .type = "uint8_t"),
	FIELD(X, "norn.btle.connects", connects, "It was seen connecting to others.", .type = "uint8_t"),
	FIELD(X, "norn.btle.advertising_data", advertised, "Its advertising data in hex."),
	FIELD(X, "norn.btle.scan_response_data", answered, "That of its scan responses in hex."),
};
struct field_table btle_table = FIELD_TABLE(X, "btle", rows);

static void *create(struct tracker *t, const void *conf)
{
	struct btle_conf *c = xnew(struct btle_conf, 1);

	(void) t;
	option_table_default(&btle_options, c);
	if (conf)
		*c = *(const struct btle_conf *) conf;
	return c;
}

static const char *const types[] = {"BTLE Device", NULL};

const struct phy btle_phy = {
	.name = "BTLE",
	.record_name = "btle.device",
	.names = bluetooth_names,
	.record_doc = "A Bluetooth Low Energy device as seen on the air.",
	.record = &btle_table,
	.links = {LINKTYPE_BLUETOOTH_LE_LL},
	.repeats = true,
	.types = types,
	.create = create,
	.destroy = free,
	.dissect = read_packet,
	.apply = apply,
	.init = init,
	.has_vendor = has_vendor,
};
