/* The log class wiglecsv: where devices were seen, at most once in wigle_log_throttle seconds each. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "field/path.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/fields.h"
#include "phy/phys.h"
#include "store/log/log_file.h"
#include "store/log/log_out.h"
#include "store/log/wigle.h"
#include "track/read.h"
#include "track/tracker.h"

#define SLOTS 65536 /* devices that are remembered; two that share a slot are written more often */
#define MANAGEMENT 0
#define TEXT_SIZE 256

struct written {
	uint64_t mac, time_us; /* mac: its phy above the address */
};

struct wigle_log {
	struct log_out out;
	const struct log_conf *conf;
	const struct log_rooms *rooms;
	struct field_path name, phy;
	struct written written[SLOTS];
};

static void compile(struct field_path *p, const char *text)
{
	(void) field_path_compile(&device_table, text, strlen(text), p);
}

static void *open_wigle(const char *path, uint32_t since_sec, const struct log_conf *conf,
			const struct log_rooms *rooms, char ret_error[256])
{
	struct wigle_log *w = xnew(struct wigle_log, 1);

	(void) since_sec;
	w->conf = conf;
	w->rooms = rooms;
	if (!log_out_open(&w->out, path, ret_error)) {
		free(w);
		return NULL;
	}
	compile(&w->name, "kismet.device.base.commonname");
	compile(&w->phy, "kismet.device.base.phyname");
	wigle_begin(&w->out.text);
	return w;
}

static void find_text(const struct field_path *path, const struct device *d, struct field_ctx *ctx, char ret[TEXT_SIZE])
{
	struct field_value v;

	ret[0] = '\0';
	if (field_path_first(path, d, ctx, &v) && v.type == VALUE_TEXT && v.text)
		(void) snprintf(ret, TEXT_SIZE, "%.*s", (int) v.n, v.text);
}

/* What wigle.net calls the phy; NULL for one that it does not know. */
static const char *type_of(const char *phy)
{
	static const char *const types[][2] = {{"IEEE802.11", "WIFI"}, {"Bluetooth", "BT"}, {"BTLE", "BLE"}};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i][0], phy) == 0)
			return types[i][1];
	return NULL;
}

/* The network that a Wi-Fi device announced last; NULL for a client: wigle.net maps none. */
static const struct dot11_advertised *network_of(const struct device *d)
{
	const struct dot11_device *x = device_part(d, PHY_DOT11);

	return x ? dot11_latest_network(x) : NULL;
}

/* As the packet shows it; NULL: there is nothing to write of it. */
static const struct device *write_device(struct wigle_log *w, const struct packet_summary *s, const struct mac *sender,
					 struct arena *arena)
{
	struct field_ctx ctx = {.now_us = clock_server_us(),
				.model_now = tracker_now(w->rooms->tracker),
				.arena = arena,
				.context = tracker_context(w->rooms->tracker)};
	char name[TEXT_SIZE], phy[TEXT_SIZE], mac[MAC_TEXT_SIZE];
	struct key key = {key_phy_hash(phys_name(s->phy)), *sender};
	struct device *d = tracker_get(w->rooms->tracker, &key, arena);

	if (!d)
		return NULL;
	find_text(&w->phy, d, &ctx, phy);
	if (!type_of(phy) || (strcmp(phy, "IEEE802.11") == 0 && !network_of(d)))
		return NULL;
	if (network_of(d))
		wigle_name(&network_of(d)->ssid, name);
	else
		find_text(&w->name, d, &ctx, name);
	mac_format(sender, mac);
	wigle_row(&w->out.text,
		  &(struct wigle_row){.mac = mac,
				      .name = name,
				      .type = type_of(phy),
				      .crypt = d->crypt_bits,
				      .is_adhoc = (d->basic_type_set & DEVICE_PEER) && !(d->basic_type_set & DEVICE_AP),
				      .channel = d->channel,
				      .first_sec = d->first_sec,
				      .freq_khz = s->freq_khz,
				      .signal_dbm = s->has_signal ? s->signal_dbm : 0,
				      .lat = s->position.lat,
				      .lon = s->position.lon,
				      .alt_m = s->position.fix >= POSITION_FIX_3D ? (double) s->position.alt_m : 0,
				      .accuracy_m = (double) s->position.accuracy_m});
	return d;
}

static struct written *slot_of(struct wigle_log *w, uint8_t phy, const struct mac *mac, uint64_t *ret_mac)
{
	*ret_mac = mac_u64(mac) | (uint64_t) phy << 48;
	return &w->written[*ret_mac * UINT64_C(0x9e3779b97f4a7c15) >> 48];
}

static bool is_due(const struct wigle_log *w, const struct written *last, uint64_t mac, uint64_t time_us)
{
	return last->mac != mac || time_us - last->time_us >= w->conf->wigle_sec * UINT64_C(1000000);
}

/* The networks for which the sender's frame speaks, which do not transmit themselves (phy/dot11/nontransmitted.c):
 * those that were seen in its second. */
static void write_spoken_for(struct wigle_log *w, const struct packet_summary *s, const struct device *sender,
			     struct arena *arena)
{
	for (uint32_t i = 0; i < sender->related.count; i++) {
		const struct related *r = &sender->related.items[i];

		for (uint32_t k = 0; k < r->keys.count && strcmp(r->relation, DOT11_RELATED_BSSID) == 0; k++) {
			const struct device *d = tracker_get(w->rooms->tracker, &r->keys.items[k], arena);
			uint64_t mac;
			struct written *last = slot_of(w, s->phy, &r->keys.items[k].mac, &mac);

			if (d && network_of(d) && network_of(d)->last_sec == s->time_us / 1000000 &&
			    is_due(w, last, mac, s->time_us) && write_device(w, s, &d->key.mac, arena))
				*last = (struct written){mac, s->time_us};
		}
	}
}

/* Management frames, and all packets of other phys. */
static bool is_wanted(const struct packet_summary *s, const uint8_t *data)
{
	struct packet p = {.data = {.p = data, .left = s->captured}, .linktype = s->linktype, .length = s->length};

	if (s->duplicate || s->is_data || s->broken || s->position.fix < POSITION_FIX_2D || s->position.lat == 0 ||
	    s->position.lon == 0 || mac_is_zero(&s->sender))
		return false;
	return packet_peel(&p) >= 0 &&
	       (p.link != LINKTYPE_IEEE802_11 || (p.mpdu.left && (p.mpdu.p[0] & 0x0c) == MANAGEMENT));
}

static enum log_took write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	struct wigle_log *w = file;
	uint64_t mac;
	struct written *last = slot_of(w, s->phy, &s->sender, &mac);
	struct arena arena = {0};
	const struct device *sender;
	bool written;

	if (!is_due(w, last, mac, s->time_us) || !is_wanted(s, data))
		return LOG_LEFT_OUT;
	sender = write_device(w, s, &s->sender, &arena);
	written = sender;
	if (written)
		write_spoken_for(w, s, sender, &arena);
	arena_finish(&arena);
	if (!written)
		return LOG_LEFT_OUT;
	*last = (struct written){mac, s->time_us};
	return log_out_check(&w->out) ? LOG_WRITTEN : LOG_FAILED;
}

static bool sync_wigle(void *file)
{
	return log_out_flush(&((struct wigle_log *) file)->out);
}

static bool tick(void *file, uint32_t server_sec)
{
	(void) server_sec;
	return sync_wigle(file);
}

static uint64_t bytes(void *file)
{
	const struct wigle_log *w = file;

	return w->out.bytes + w->out.text.len;
}

static void close_wigle(void *file, bool good)
{
	struct wigle_log *w = file;

	(void) good;
	log_out_close(&w->out);
	free(w);
}

const struct log_kind log_wiglecsv = {
	.driver = {"wiglecsv", "Wigle CSV", "Positions where devices were seen, for wigle.net", 1, 0},
	.suffix = "wiglecsv",
	.id = LOG_CLASS_WIGLE,
	.open = open_wigle,
	.packet = write_packet,
	.sync = sync_wigle,
	.tick = tick,
	.bytes = bytes,
	.close = close_wigle};
