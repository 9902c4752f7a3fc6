/* Step 3 of a phy: its row, and what a frame does to devices. */
#include "phy/template/template.h"

#include <stdlib.h>

#include "base/mem.h"
#include "track/packet_ctx.h"
#include "wire/template/template_frame.h"

#define LINKTYPE_TEMPLATE 148 /* tcpdump.org's list keeps 147 to 162 for private use */

#define O struct template_conf
static const struct option_row option_rows[] = {
	OPTION(O, "template_low_battery", low_battery, 20, RANGE(0, 100), AT_START,
	       "Percent at which the battery of a buoy is low."),
};
const struct option_table template_options = OPTION_TABLE(O, "template", "Buoys.", option_rows);

/* What the phy keeps over all devices: here its options alone. Without any it has the defaults. */
static void *create(struct tracker *t, const void *conf)
{
	struct template_conf *state = xnew(struct template_conf, 1);

	(void) t;
	option_table_default(&template_options, state);
	if (conf)
		*state = *(const struct template_conf *) conf;
	return state;
}

/* The frame goes into the packet's space, which apply() gets; the packet learns its addresses, zeros where it has none.
 */
static int dissect(struct packet *packet, void *space, void *of_source)
{
	struct template_frame *f = space;
	int r = template_read(packet->mpdu, f);

	(void) of_source;
	packet->sender = packet->transmitter = f->buoy;
	packet->destination = f->asked_by;
	packet->bssid = (struct mac){{0}};
	packet->is_data = false;
	return r;
}

/* Types in words, and views beside "phy-Template"; both are referred to by their position. */
enum { TYPE_BUOY, TYPE_ASKER };
static const char *const types[] = {[TYPE_BUOY] = "Buoy", [TYPE_ASKER] = "Asker", NULL};
enum { VIEW_LOW };
static const struct phy_view views[] = {[VIEW_LOW] = {"phytemplate_low", "Buoys whose battery is low"}, {NULL, NULL}};

static void set_views(struct device *d, const struct template_device *x, const struct template_conf *conf)
{
	d->phy_views = x->battery <= conf->low_battery ? 1 << VIEW_LOW : 0;
}

/* Between device_lock() and device_unlock() the device is locked: no text, no input or output, no second lock. */
static void apply_buoy(struct packet_ctx *p, const struct template_frame *f)
{
	const uint32_t flags = UPDATE_PACKETS | UPDATE_SIGNAL | UPDATE_FREQ | UPDATE_SEENBY | UPDATE_POSITION;
	struct template_device *x;
	struct device *d;
	struct shard *s;
	uint32_t slot;

	d = device_lock(p, &f->buoy, flags, &s, &slot);
	if (!d)
		return;
	if (p->observed)
		packet_observe(p, &(struct observation){.observation = OBSERVED_TEMPLATE, .device = d, .shown = f});
	x = device_part(d, p->phy->number);
	device_set_type(p, d, TYPE_BUOY);
	x->answers += f->kind == TEMPLATE_ANSWERS;
	x->battery = f->battery;
	x->celsius = f->celsius;
	device_keep_text(&x->name, f->name);
	device_keep_text(&d->name, f->name);
	set_views(d, x, p->phy->state);
	device_unlock(p, s, slot);
}

/* The buoy that is answered exists too, but it was not received: no signal, no position. */
static void apply_asker(struct packet_ctx *p, const struct template_frame *f)
{
	struct device *d;
	struct shard *s;
	uint32_t slot;

	d = device_lock(p, &f->asked_by, UPDATE_PACKETS | UPDATE_SEENBY, &s, &slot);
	if (!d)
		return;
	if (d->type == DEVICE_TYPE_UNKNOWN)
		device_set_type(p, d, TYPE_ASKER);
	device_unlock(p, s, slot);
}

static void apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	const struct template_frame *f = space;

	(void) packet;
	apply_buoy(p, f);
	if (f->kind == TEMPLATE_ANSWERS && !mac_is_zero(&f->asked_by)) {
		apply_asker(p, f);
		devices_relate(p, &f->buoy, &f->asked_by, "norn_template_answers"); /* no lock is held here */
	}
}

/* A device that came back from a log: its record is there, and what follows from it is done again. */
static void restored(void *state, struct device *d)
{
	const struct template_device *x = device_part(d, d->phy);

	if (x)
		set_views(d, x, state);
}

/* The rows of the record: a wire name that never changes, and one sentence. */
#define X struct template_device
static const struct field rows[] = {
	FIELD(X, "norn.template.name", name, "Name that the buoy gives itself.", .flags = FIELD_NULL_EMPTY),
	FIELD(X, "norn.template.answers", answers, "Frames in which it answered."),
	FIELD(X, "norn.template.battery", battery, "Charge of its battery, in percent."),
	FIELD(X, "norn.template.temperature", celsius, "Temperature of the water, degrees Celsius."),
};
static struct field_table table = FIELD_TABLE(X, "template device", rows);

const struct phy template_phy = {
	.name = "Template",
	.record_name = "norn.template.device",
	.record_doc = "A buoy, as its frames report it.",
	.record = &table,
	.links = {LINKTYPE_TEMPLATE},
	.repeats = true, /* a buoy that sends the same again is no duplicate */
	.types = types,
	.views = views,
	.create = create,
	.destroy = free,
	.dissect = dissect,
	.apply = apply,
	.restored = restored,
};
