#include "wire/bluetooth/hci.h"

#include <string.h>

#include "base/err.h"
#include "wire/bluetooth/ad.h"

#define H4_EVENT 4 /* volume 4 part A 2 */
#define NAME_MAX 248
#define RSSI_NONE 127

enum hci_event {
	HCI_INQUIRY_RESULT = 0x02,
	HCI_CONNECTION_COMPLETE = 0x03,
	HCI_REMOTE_NAME = 0x07,
	HCI_INQUIRY_RSSI = 0x22,
	HCI_INQUIRY_EXTENDED = 0x2f,
	HCI_LOW_ENERGY = 0x3e,
};
enum hci_le_event { LE_ADVERTISING = 0x02, LE_EXTENDED_ADVERTISING = 0x0d };

static void take_rssi(struct hci_report *r, int8_t rssi)
{
	r->has_rssi = rssi != RSSI_NONE;
	r->rssi = rssi;
}

/* The three results of an inquiry differ in what follows the address. */
static void take_inquiry(struct hci_report *r, struct span *s, uint8_t event)
{
	r->mac = ad_address(s);
	span_skip(s, event == HCI_INQUIRY_RESULT ? 3 : 2);
	r->device_class = span_le24(s);
	r->has_class = true;
	span_skip(s, 2);
	if (event != HCI_INQUIRY_RESULT)
		take_rssi(r, span_i8(s));
	if (event == HCI_INQUIRY_EXTENDED)
		r->data = span_up_to(s, s->left);
}

static void take_name(struct hci_report *r, struct span *s)
{
	r->mac = ad_address(s);
	r->name = span_up_to(s, NAME_MAX);
	if (r->name.left)
		r->name.left = strnlen((const char *) r->name.p, r->name.left);
}

static void take_advertising(struct hci_report *r, struct span *s)
{
	span_skip(s, 1);
	r->low_energy = true;
	r->random = span_u8(s) & 1;
	r->mac = ad_address(s);
	r->data = span_sub(s, span_u8(s));
	take_rssi(r, span_i8(s));
}

static void take_extended(struct hci_report *r, struct span *s)
{
	span_skip(s, 2);
	r->low_energy = true;
	r->random = span_u8(s) & 1;
	r->mac = ad_address(s);
	span_skip(s, 4);
	take_rssi(r, span_i8(s));
	span_skip(s, 9);
	r->data = span_sub(s, span_u8(s));
}

/* As controllers send them, and Linux reads them: whole reports behind each other. */
static void take_reports(struct hci_frame *f, struct span *s, uint8_t event, uint8_t le_event)
{
	uint8_t n = span_u8(s);

	for (; f->n < n && f->n < HCI_REPORTS_MAX && !s->bad; f->n++) {
		struct hci_report *r = &f->reports[f->n];

		memset(r, 0, sizeof(*r));
		if (event != HCI_LOW_ENERGY)
			take_inquiry(r, s, event);
		else if (le_event == LE_ADVERTISING)
			take_advertising(r, s);
		else
			take_extended(r, s);
	}
	if (s->bad && f->n)
		f->n--; /* the last one was torn */
}

int hci_dissect(struct span packet, struct hci_frame *ret)
{
	struct span s = packet;
	uint8_t event, le_event = 0;

	ret->n = 0;
	if (span_u8(&s) != H4_EVENT)
		return s.bad ? ERR_TRUNCATED : 0;
	event = span_u8(&s);
	s = span_sub(&s, span_u8(&s));
	switch (event) {
	case HCI_LOW_ENERGY:
		le_event = span_u8(&s);
		if (le_event == LE_ADVERTISING || le_event == LE_EXTENDED_ADVERTISING)
			take_reports(ret, &s, event, le_event);
		break;
	case HCI_INQUIRY_RESULT:
	case HCI_INQUIRY_RSSI:
	case HCI_INQUIRY_EXTENDED: take_reports(ret, &s, event, 0); break;
	case HCI_CONNECTION_COMPLETE: span_skip(&s, 2); __attribute__((fallthrough));
	case HCI_REMOTE_NAME:
		if (span_u8(&s) != 0 && event == HCI_REMOTE_NAME)
			break;
		memset(&ret->reports[0], 0, sizeof(ret->reports[0]));
		take_name(&ret->reports[0], &s);
		if (event == HCI_CONNECTION_COMPLETE)
			ret->reports[0].name.left = 0;
		ret->n = !s.bad;
		break;
	default: break;
	}
	return s.bad ? ERR_MALFORMED : 0;
}
