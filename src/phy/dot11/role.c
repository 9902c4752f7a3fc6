#include "phy/dot11/role.h"

#include "phy/dot11/show.h"
#include "phy/dot11/space.h"
#include "phy/uav/uav.h"
#include "track/packet_ctx.h"
#include "wire/dot11/summary.h"

static bool is_null(const struct frame *f)
{
	return f->type == FRAME_DATA && (f->subtype == DATA_NULL_BIT || f->subtype == (DATA_NULL_BIT | DATA_QOS_BIT));
}

uint32_t dot11_role_flags(const struct packet_ctx *p, enum role role)
{
	const struct frame *f = p->frame;
	bool survey = conf_of(p)->ap_only && !frame_is_of_network(f);
	uint32_t flags = UPDATE_SEENBY | (is_null(f) || survey ? UPDATE_EXISTING : 0);

	switch (role) {
	case ROLE_BSSID:
		flags |= UPDATE_CHANNEL;
		if (!mac_equal(&f->bssid, &f->source))
			return flags;
		flags |= UPDATE_PACKETS | UPDATE_POSITION | (p->duplicate ? 0 : UPDATE_FREQ);
		return frame_is_beacon(f) || f->type == FRAME_DATA || !conf_of(p)->signal_from_beacon
			       ? flags | UPDATE_SIGNAL
			       : flags;
	case ROLE_SOURCE:
	case ROLE_TRANSMITTER:
		flags |= UPDATE_PACKETS;
		if (f->type == FRAME_MANAGEMENT || f->distribution != DIST_FROM_DS)
			flags |= UPDATE_CHANNEL;
		if (f->type == FRAME_MANAGEMENT ? f->subtype == MGMT_PROBE_REQ || !addressable(&f->bssid)
						: f->distribution != DIST_FROM_DS)
			flags |= UPDATE_SIGNAL | UPDATE_POSITION |
				 (p->duplicate && f->type == FRAME_DATA ? 0 : UPDATE_FREQ);
		return flags;
	case ROLE_DESTINATION:
	case ROLE_RECEIVER: return flags | UPDATE_PACKETS;
	}
	return flags;
}

void dot11_role_signal(const struct packet_ctx *p, enum role role, struct device *d, const struct dot11_device *x)
{
	const struct frame *f = p->frame;

	if (role == ROLE_BSSID && f->type == FRAME_MANAGEMENT && !frame_is_beacon(f) &&
	    conf_of(p)->signal_from_beacon && mac_equal(&f->bssid, &f->source) &&
	    (f->subtype == MGMT_PROBE_RESP || !(x->typeset & DOT11_BEACON_AP)))
		device_take_signal(p, d);
}

/* A drone stays one, whatever part it takes in a network. */
static void be_of_type(const struct packet_ctx *p, struct device *d, enum dot11_type type)
{
	if (!uav_is_drone(d))
		device_set_type(p, d, (uint8_t) type);
}

static void set_type(const struct packet_ctx *p, struct device *d, enum dot11_type type, uint8_t basic)
{
	be_of_type(p, d, type);
	d->basic_type_set |= basic;
}

/* Its own frames say what it is; of its data the first does. */
static void type_of_bssid(const struct packet_ctx *p, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	bool own = frame_is_of_network(f), ibss = own && (f->capability & CAPABILITY_IBSS);
	bool direct = f->type == FRAME_DATA && f->distribution == DIST_ADHOC;

	/* Stations of an access point talk directly, too. */
	if (direct && (x->typeset & (DOT11_BEACON_AP | DOT11_PROBE_AP))) {
		space_of(p)->direct_link = !device_is_type(p, d, DOT11_TYPE_ADHOC);
		return;
	}
	if (ibss || direct) {
		set_type(p, d, DOT11_TYPE_ADHOC, DEVICE_PEER);
		x->typeset |= DOT11_ADHOC;
		dot11_set_views(d, x);
		return;
	}
	d->basic_type_set |= DEVICE_AP;
	if (own || !(d->basic_type_set & DEVICE_PEER) || d->type == DEVICE_TYPE_UNKNOWN)
		be_of_type(p, d, DOT11_TYPE_AP);
}

static void type_of_source(const struct packet_ctx *p, struct device *d)
{
	const struct frame *f = p->frame;

	if (f->type == FRAME_DATA && f->distribution == DIST_FROM_DS) {
		if (!(d->basic_type_set & (DEVICE_CLIENT | DEVICE_AP)))
			be_of_type(p, d, DOT11_TYPE_BRIDGED);
		d->basic_type_set |= DEVICE_WIRED;
		return;
	}
	if (f->type == FRAME_DATA && f->distribution == DIST_INTER_DS) {
		set_type(p, d, DOT11_TYPE_WDS, 0);
		return;
	}
	if (f->type == FRAME_DATA && f->distribution == DIST_ADHOC) {
		if (d->basic_type_set & (DEVICE_CLIENT | DEVICE_AP))
			return;
		if (space_of(p)->direct_link)
			set_type(p, d, DOT11_TYPE_CLIENT, DEVICE_CLIENT);
		else
			set_type(p, d, DOT11_TYPE_ADHOC, DEVICE_PEER);
		return;
	}
	if (f->type == FRAME_DATA || !(d->basic_type_set & DEVICE_AP))
		set_type(p, d, DOT11_TYPE_CLIENT, DEVICE_CLIENT);
}

static void type_of_destination(const struct packet_ctx *p, struct device *d)
{
	if (frame_of(p)->type == FRAME_MANAGEMENT) {
		if (!(d->basic_type_set & (DEVICE_CLIENT | DEVICE_AP)))
			set_type(p, d, DOT11_TYPE_CLIENT, DEVICE_CLIENT);
	} else if (d->type == DEVICE_TYPE_UNKNOWN) {
		be_of_type(p, d, DOT11_TYPE_DEVICE);
	}
}

void dot11_role_types(const struct packet_ctx *p, enum role role, struct device *d, struct dot11_device *x)
{
	switch (role) {
	case ROLE_BSSID: type_of_bssid(p, d, x); break;
	case ROLE_SOURCE: type_of_source(p, d); break;
	case ROLE_DESTINATION: type_of_destination(p, d); break;
	case ROLE_TRANSMITTER:
	case ROLE_RECEIVER: set_type(p, d, DOT11_TYPE_WDS_AP, DEVICE_AP); break;
	}
}
