/* Networks reported by telephones and small computers that scan as clients do (Kismet's scan
 * reports). A network becomes the beacon that it must have sent, which no rule looks at. */
#include "phy/dot11/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "phy/dot11/apply.h"
#include "phy/dot11/read.h"
#include "phy/dot11/space.h"
#include "track/packet_ctx.h"
#include "track/report.h"
#include "wire/channel.h"

static void octets(struct buf *b, const char *p, size_t n)
{
	buf_add(b, p, n);
}
#define OCTETS(b, text) octets(b, text, sizeof(text) - 1)

/* The suites of "[WPA2-PSK-CCMP+TKIP]", "[RSN-SAE-CCMP]" and their like, as RSN has them (IEEE 802.11-2020
 * 9.4.2.24); oui: 00-0F-AC, or that of WPA before it. */
static void put_suites(struct buf *b, const char *caps, const char *oui)
{
	static const struct {
		const char *word;
		uint8_t type;
	} ciphers[] = {{"TKIP", 2}, {"CCMP", 4}, {"GCMP", 8}},
	  akms[] = {{"EAP", 1}, {"PSK", 2}, {"SAE", 8}, {"OWE", 18}};
	struct buf pairs = {0}, keys = {0};
	uint8_t n = 0, m = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++)
		if (strstr(caps, ciphers[i].word) && ++n) {
			octets(&pairs, oui, 3);
			buf_char(&pairs, (char) ciphers[i].type);
		}
	for (size_t i = 0; i < ARRAY_SIZE(akms); i++)
		if (strstr(caps, akms[i].word) && ++m) {
			octets(&keys, oui, 3);
			buf_char(&keys, (char) akms[i].type);
		}
	if (n == 0 && ++n) {
		octets(&pairs, oui, 3);
		buf_char(&pairs, 4);
	}
	OCTETS(b, "\1\0");
	octets(b, pairs.p, 4); /* group cipher: the weakest */
	buf_char(b, (char) n);
	buf_char(b, 0);
	octets(b, pairs.p, pairs.len);
	buf_char(b, (char) m);
	buf_char(b, 0);
	octets(b, keys.p ? keys.p : "", keys.len);
	buf_finish(&pairs);
	buf_finish(&keys);
}

static void put_element(struct buf *b, uint8_t id, const struct buf *body)
{
	buf_char(b, (char) id);
	buf_char(b, (char) body->len);
	octets(b, body->p ? body->p : "", body->len);
}

/* One part of the capabilities, in brackets. */
static bool put_security(struct buf *b, const char *part)
{
	struct buf body = {0};
	bool old = strstr(part, "WPA-") || strcmp(part, "WPA") == 0;
	bool rsn = strstr(part, "WPA2") || strstr(part, "RSN") || strstr(part, "WPA3") || strstr(part, "SAE") ||
		   strstr(part, "OWE");

	if (rsn) {
		put_suites(&body, part, "\x00\x0f\xac");
		OCTETS(&body, "\0\0");
		put_element(b, ELEMENT_RSN, &body);
	} else if (old) {
		OCTETS(&body, "\x00\x50\xf2\x01");
		put_suites(&body, part, "\x00\x50\xf2");
		put_element(b, ELEMENT_VENDOR, &body);
	}
	buf_finish(&body);
	return rsn || old || strcmp(part, "WEP") == 0;
}

/* True if the network is encrypted. */
static bool put_securities(struct buf *b, const struct json_in *json)
{
	const char *caps = json_in_text(json_in_get(json, "capabilities"));
	const struct json_in *list = json_in_get(json, "encryption");
	char text[256], *at, *part;
	bool secret = false;

	(void) snprintf(text, sizeof(text), "%s", caps ? caps : "");
	for (part = strtok_r(text, "[]", &at); part; part = strtok_r(NULL, "[]", &at))
		secret |= put_security(b, part);
	for (size_t i = 0; json_in_is_list(list) && i < json_in_count(list) && i < 8; i++) {
		const char *word = json_in_text(json_in_at(list, i));

		secret |= word && put_security(b, word);
	}
	return secret;
}

static void put_network(struct buf *frame, const struct mac *bssid, uint16_t sequence, const struct json_in *json)
{
	const char *ssid = json_in_text(json_in_get(json, "ssid")),
		   *channel = json_in_text(json_in_get(json, "channel"));
	size_t n = ssid ? strlen(ssid) : 0;
	struct buf elements = {0};
	long number = channel ? strtol(channel, NULL, 10) : 0;
	bool secret;

	n = n > SSID_MAX ? SSID_MAX : n;
	buf_char(&elements, ELEMENT_SSID);
	buf_char(&elements, (char) n);
	octets(&elements, ssid ? ssid : "", n);
	if (number > 0 && number < 200) {
		buf_char(&elements, ELEMENT_DSSS_PARAMETER_SET);
		buf_char(&elements, 1);
		buf_char(&elements, (char) number);
	}
	secret = put_securities(&elements, json);
	OCTETS(frame, "\x80\0\0\0\xff\xff\xff\xff\xff\xff");
	octets(frame, (const char *) bssid->b, 6);
	octets(frame, (const char *) bssid->b, 6);
	buf_char(frame, (char) (sequence << 4));
	buf_char(frame, (char) (sequence >> 4));
	OCTETS(frame, "\0\0\0\0\0\0\0\0\x64\0");
	buf_char(frame, secret ? 0x11 : 1);
	buf_char(frame, 0);
	octets(frame, elements.p, elements.len);
	buf_finish(&elements);
}

bool dot11_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	static const char *const freqs[] = {"freqkhz", NULL};
	const char *bssid = json_in_text(json_in_get(json, "bssid"));
	const char *caps = json_in_text(json_in_get(json, "capabilities"));
	struct frame *frame = &space_of(p)->frame;
	struct buf made = {0};
	struct mac mac;
	double khz;
	bool good;

	(void) type;
	if (!bssid || mac_parse(bssid, strlen(bssid), &mac) < 0)
		return false;
	report_signal(json, &packet->radio);
	if (report_real(json, freqs, &khz) && khz > 0 && khz < 1e8)
		packet->radio.freq_khz = (uint32_t) khz;
	put_network(&made, &mac, (uint16_t) packet_source_packets(p), json);
	packet->mpdu = span_of(made.p, made.len);
	p->made = true;
	good = dot11_dissect(packet, p->space, NULL) >= 0;
	if (good) { /* WEP has no element */
		frame->reported_crypt = caps && strstr(caps, "WEP") ? CRYPT_BIT(CRYPT_WEP) : 0;
		dot11_apply(p, packet, p->space);
	}
	packet->mpdu = (struct span){0};
	p->frame = NULL;
	buf_finish(&made);
	return good;
}
