#include "track/report.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "track/clock.h"
#include "track/model.h"
#include "track/packet_ctx.h"
#include "track/sighting_open.h"

static uint32_t adler_32(const char *text)
{
	uint32_t a = 1, b = 0;

	for (; *text; text++) {
		a = (a + (uint8_t) *text) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

struct mac report_mac(const char *kind, uint64_t number)
{
	uint32_t sum = adler_32(kind);

	return (struct mac){{(uint8_t) (((sum >> 16) & 0xfc) | 2), (uint8_t) (sum >> 8), (uint8_t) sum,
			     (uint8_t) (number >> 16), (uint8_t) (number >> 8), (uint8_t) number}};
}

uint64_t report_number(const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	return *text && *end == '\0' ? n : adler_32(text);
}

bool report_real(const struct json_in *json, const char *const *names, double *ret)
{
	for (; *names; names++)
		if (json_in_real(json_in_get(json, *names), ret) && isfinite(*ret))
			return true;
	return false;
}

bool report_text(const struct json_in *json, const char *name, char *ret, size_t size)
{
	const struct json_in *v = json_in_get(json, name);
	const char *text = json_in_text(v);
	double number;

	if (text) {
		(void) air_text((const uint8_t *) text, strnlen(text, REPORT_TEXT_MAX), ret, size);
		return true;
	}
	if (!json_in_real(v, &number))
		return false;
	(void) snprintf(ret, size, "%.10g", number);
	return true;
}

void report_keep(char **text, const struct json_in *json, const char *name)
{
	char shown[REPORT_TEXT_MAX * 6 + 1];

	if (!report_text(json, name, shown, sizeof(shown)) || (*text && strcmp(*text, shown) == 0))
		return;
	free(*text);
	*text = xstrdup(shown);
}

void report_radio(const struct json_in *json, struct radio *r)
{
	static const char *const names[] = {"freq", "freq1", NULL}, *const levels[] = {"rssi", NULL};
	double mhz, level;

	if (report_real(json, names, &mhz) && mhz > 0 && mhz < 10000)
		r->freq_khz = (uint32_t) (mhz * 1000);
	/* Relative to the receiver's full scale: not dBm, but comparable. */
	if (report_real(json, levels, &level) && level < 0 && level > -127) {
		r->signal_dbm = (int8_t) level;
		r->have |= RADIO_HAS_SIGNAL;
	}
}

void report_signal(const struct json_in *json, struct radio *r)
{
	static const char *const signals[] = {"signal", NULL};
	double v;

	if (!report_real(json, signals, &v) || v < -127 || v > 127 || v == 0)
		return;
	r->signal_dbm = (int8_t) v;
	r->have |= RADIO_HAS_SIGNAL;
}

static bool is_of(const struct phy *phy, const char *type)
{
	for (size_t i = 0; i < PHY_REPORTS_MAX && phy->reports[i]; i++)
		if (strcasecmp(phy->reports[i], type) == 0)
			return true;
	return false;
}

/* Offers it to the phys that know the type, the last of the table first, until one takes it. */
static bool give(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	struct tracker *t = p->t;

	for (uint8_t i = t->phys.count; i-- > 0;) {
		p->phy = &t->phy[i];
		p->of_source = p->source->of_phy[i];
		packet->phy = i;
		if (p->phy->row.report && is_of(&p->phy->row, type) && p->phy->row.report(p, packet, type, json))
			return true;
	}
	packet->phy = PACKET_PHY_NONE;
	return false;
}

bool tracker_report(struct tracker *t, struct track_report *r, uint32_t server_sec)
{
	struct track_source *s = r->source < TRACK_SOURCES_MAX ? atomic_load(&t->sources[r->source]) : NULL;
	struct packet packet = {.linktype = LINKTYPE_NONE,
				.link = LINKTYPE_NONE,
				.source = r->source,
				.time_us = r->time_us,
				.position = r->position,
				.live = true};
	struct packet_ctx p = {.t = t, .packet = &packet, .source = s, .server_sec = server_sec};
	char type[32], error[JSON_IN_ERROR_SIZE];
	_Alignas(max_align_t) uint8_t space[PHY_SPACE] = {0};
	struct packet_results lists;
	struct json_in *json;
	bool taken;

	if (!s || r->type.left >= sizeof(type))
		return false;
	memcpy(type, r->type.p, r->type.left);
	type[r->type.left] = '\0';
	json = json_in_read((const char *) r->json.p, r->json.left, error);
	if (!json)
		return false;
	packet_begin(&p, &lists);
	p.space = space;
	p.packet_sec = packet_sec_of(&packet, server_sec);
	p.history_sec = s->live ? server_sec : p.packet_sec;
	sighting_packet(&p);
	raise_now(t, p.history_sec);
	taken = give(&p, &packet, type, json);
	if (taken) {
		s->phy_packets[packet.phy]++;
		packet_carry_out(&p, &packet);
	}
	r->phy = packet.phy;
	r->sender = packet.sender;
	r->radio = packet.radio;
	json_in_free(json);
	return taken;
}
