#include <stdio.h>
#include <string.h>

#include "detect/alert_text.h"
#include "base/mem.h"
#include "detect/detector_state.h"
#include "detect/rule_number.h"
#include "phy/dot11/lookalike.h"

static void format_ip(uint32_t ip, struct buf *out)
{
	buf_printf(out, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static void format_name(const struct ssid *ssid, struct buf *out)
{
	char text[LOOKALIKE_TEXT_SIZE] = "";

	if (!ssid_is_hidden(ssid))
		lookalike_text(ssid, text);
	buf_str(out, text);
}

/* What of a name is not seen: " (zero width)". */
static void format_marks(const struct ssid *ssid, struct buf *out)
{
	char text[LOOKALIKE_MARKS_SIZE];
	struct lookalike alike;

	lookalike_of(ssid, &alike);
	lookalike_marks_text(alike.marks, text);
	if (*text)
		buf_printf(out, " (%s)", text);
}

/* By how far the frame is from its transmitter, when it is forged (rules/functions.h): forgery_of(). */
static void format_forgery(uint64_t forgery, const struct packet *packet, struct buf *out)
{
	int8_t usual_dbm = (int8_t) (forgery & 0xff);

	if (!forgery)
		return;
	buf_str(out, "; forged: another radio sends them");
	if (usual_dbm && (packet->radio.have & RADIO_HAS_SIGNAL))
		buf_printf(out, ", at %d dBm, and the one whose address it is at %d dBm", packet->radio.signal_dbm,
			   usual_dbm);
}

/* From the first frame to this. */
static void format_span(const struct effect *e, const struct packet *packet, struct buf *out)
{
	uint64_t us = e->first_us && packet->time_us > e->first_us ? packet->time_us - e->first_us : 0;

	buf_printf(out, "%llu.%llu seconds", (unsigned long long) (us / 1000000),
		   (unsigned long long) (us / 100000 % 10));
}

/* What a name in braces stands for. */
static void format_part(const struct detector *d, const char *name, size_t n, const struct packet *packet,
			const char *channel, const struct effect *e, struct buf *out)
{
	const struct {
		const char *name;
		const struct mac *mac;
	} macs[] = {{"bssid", &packet->bssid},
		    {"source", mac_is_zero(&packet->sender) ? &packet->transmitter : &packet->sender},
		    {"dest", &packet->destination}};
	struct mac a = mac_of_u64(e->a), b = mac_of_u64(e->b);
	char text[MAC_TEXT_SIZE];

	if (rule_number_text(&d->numbers[e->what], name, n, out))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(macs); i++) {
		if (n != strlen(macs[i].name) || memcmp(name, macs[i].name, n) != 0)
			continue;
		mac_format(macs[i].mac, text);
		buf_str(out, text);
		return;
	}
	if (n == 5 && memcmp(name, "mac_", 4) == 0) {
		mac_format(name[4] == 'a' ? &a : &b, text);
		buf_str(out, text);
		return;
	}
	if (n == 4 && memcmp(name, "ip_", 3) == 0)
		format_ip((uint32_t) (name[3] == 'a' ? e->a : e->b), out);
	else if (n == 1)
		buf_printf(out, "%llu", (unsigned long long) (*name == 'a' ? e->a : e->b));
	else if (n == 4 && memcmp(name, "ssid", 4) == 0)
		format_name(&e->ssid, out);
	else if (n == 3 && memcmp(name, "own", 3) == 0)
		format_name(&d->settings.own_ssids[e->a], out);
	else if (n == 6 && memcmp(name, "forged", 6) == 0)
		format_forgery(e->b, packet, out);
	else if (n == 4 && memcmp(name, "span", 4) == 0)
		format_span(e, packet, out);
	else if (n == 5 && memcmp(name, "marks", 5) == 0)
		format_marks(&e->ssid, out);
	else if (n == 4 && memcmp(name, "rule", 4) == 0)
		buf_str(out, d->settings.ssid_rules[e->a].name);
	else
		buf_str(out, channel);
}

void detector_format(const struct detector *d, const struct packet *packet, const char *channel, const struct effect *e,
		     char ret_text[ALERT_TEXT_SIZE])
{
	const char *p = rules[e->what].text;
	struct buf b = {0};

	while (*p) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;

		if (end) {
			format_part(d, p + 1, (size_t) (end - p) - 1, packet, channel, e, &b);
			p = end + 1;
		} else {
			buf_char(&b, *p++);
		}
	}
	(void) snprintf(ret_text, ALERT_TEXT_SIZE, "%s", buf_text(&b));
	buf_finish(&b);
}
