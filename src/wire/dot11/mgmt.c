/* Management frames: the fixed fields of each subtype (IEEE 802.11-2020 9.3.3), then elements. */
#include "wire/dot11/parse.h"

static void fixed_beacon(struct span *s, struct frame *f)
{
	f->timestamp = span_le64(s);
	f->beacon_interval = span_le16(s);
	f->capability = span_le16(s);
}
static void fixed_assoc_req(struct span *s, struct frame *f)
{
	f->capability = span_le16(s);
	span_skip(s, 2);
}
static void fixed_reassoc_req(struct span *s, struct frame *f)
{
	fixed_assoc_req(s, f);
	span_skip(s, 6);
}
static void fixed_assoc_resp(struct span *s, struct frame *f)
{
	f->capability = span_le16(s);
	f->status = span_le16(s);
	span_skip(s, 2);
}
static void fixed_none(struct span *s, struct frame *f)
{
	(void) s;
	(void) f;
}
static void fixed_reason(struct span *s, struct frame *f)
{
	f->reason = span_le16(s);
}

/* SAE puts group, scalar and element where others have elements: they are not walked. */
static void fixed_auth(struct span *s, struct frame *f)
{
	f->auth_algorithm = span_le16(s);
	f->auth_transaction = span_le16(s);
	f->status = span_le16(s);
	if (f->auth_algorithm == 3)
		*s = (struct span){0};
}

static void (*const fixed[16])(struct span *, struct frame *) = {
	[MGMT_ASSOC_REQ] = fixed_assoc_req,     [MGMT_ASSOC_RESP] = fixed_assoc_resp,
	[MGMT_REASSOC_REQ] = fixed_reassoc_req, [MGMT_REASSOC_RESP] = fixed_assoc_resp,
	[MGMT_PROBE_REQ] = fixed_none,          [MGMT_PROBE_RESP] = fixed_beacon,
	[MGMT_BEACON] = fixed_beacon,           [MGMT_DISASSOC] = fixed_reason,
	[MGMT_DEAUTH] = fixed_reason,           [MGMT_AUTH] = fixed_auth,
};

void parse_management(struct span body, struct frame *f)
{
	if (f->protected_ || !fixed[f->subtype])
		return;
	if (f->order) /* HT control, 9.3.3.1 */
		span_skip(&body, 4);
	fixed[f->subtype](&body, f);
	if (body.bad) {
		f->have |= FRAME_IES_TORN;
		return;
	}
	f->ies = body;
	parse_elements(body, f);
}
