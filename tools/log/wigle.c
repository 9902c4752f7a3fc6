#include <string.h>

#include "wigle.h"
#include "base/mac.h"
#include "accuracy.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"
#include "phy/dot11/crypt.h"
#include "store/log/wigle.h"

#define KNOWN 4096 /* devices that are remembered; two in the same slot are read again */

struct known {
	char mac[MAC_TEXT_SIZE], phy[24], name[SSID_TEXT_SIZE], channel[16], type[8];
	uint64_t crypt; /* CRYPT_BIT()s */
	int64_t first_sec, last_us;
	bool there, is_adhoc;
};

static void copy_text(char *to, size_t size, const struct json_in *v)
{
	const char *t = json_in_text(v);

	(void) snprintf(to, size, "%s", t ? t : "");
}

/* The octets of a name, of which the record has the text, and hex where that does not show them. */
static void network_name(const struct json_in *network, char ret_text[SSID_TEXT_SIZE])
{
	const char *hex = json_in_text(log_member(network, "norn.advertisedssid.ssid_hex", NULL));
	const char *text = json_in_text(log_member(network, "dot11.advertisedssid.ssid", NULL));
	struct ssid ssid = {0};
	unsigned octet;

	for (; hex && ssid.len < SSID_MAX && sscanf(hex, "%2x", &octet) == 1; hex += 2)
		ssid.b[ssid.len++] = (uint8_t) octet;
	for (; !hex && text && *text && ssid.len < SSID_MAX; text++) {
		text += text[0] == '\\' && text[1] != '\0'; /* before quotes */
		ssid.b[ssid.len++] = (uint8_t) *text;
	}
	wigle_name(&ssid, ret_text);
}

/* Bluetooth devices, and Wi-Fi's networks: wigle.net maps no clients. */
static bool is_wanted(const char *phy, const struct json_in *record, const char *type)
{
	if (strcmp(phy, "IEEE802.11") == 0 && !json_in_get(record, "dot11.device"))
		return strstr(type, "AP") || strstr(type, "Ad-Hoc");
	if (strcmp(phy, "IEEE802.11") == 0)
		return log_member(record, "dot11.device", "dot11.device.last_beaconed_ssid_record") != NULL;
	return strstr(phy, "luetooth") || strstr(phy, "BTLE");
}

/* The set of our own logs, else what Kismet's say in words. */
static uint64_t crypt_of(const struct json_in *record)
{
	const char *text = json_in_text(log_member(record, "kismet.device.base.crypt", NULL));
	int64_t bits;

	if (json_in_whole(log_member(record, "norn.base.crypt", NULL), &bits))
		return (uint64_t) bits;
	return text ? crypt_of_text(text) : 0;
}

static void read_device(sqlite3_stmt *find, struct known *k)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *record = NULL;

	(void) sqlite3_bind_text(find, 1, k->phy, -1, SQLITE_STATIC);
	(void) sqlite3_bind_text(find, 2, k->mac, -1, SQLITE_STATIC);
	k->there = sqlite3_step(find) == SQLITE_ROW;
	if (k->there && sqlite3_column_blob(find, 1)) {
		k->first_sec = sqlite3_column_int64(find, 0);
		record = json_in_read(sqlite3_column_blob(find, 1), (size_t) sqlite3_column_bytes(find, 1), error);
	}
	if (record) {
		const struct json_in *dot11 = json_in_get(record, "dot11.device");

		if (dot11)
			network_name(log_member(dot11, "dot11.device.last_beaconed_ssid_record", NULL), k->name);
		else
			copy_text(k->name, sizeof(k->name), log_member(record, "kismet.device.base.commonname", NULL));
		k->crypt = crypt_of(record);
		copy_text(k->channel, sizeof(k->channel), log_member(record, "kismet.device.base.channel", NULL));
		k->is_adhoc = strstr(log_text(find, 2), "Ad-Hoc") != NULL;
		(void) snprintf(k->type, sizeof(k->type), "%s",
				strcmp(k->phy, "IEEE802.11") == 0 ? "WIFI"
				: strstr(log_text(find, 2), "LE") ? "BLE"
								  : "BT");
	}
	k->there = record && is_wanted(k->phy, record, log_text(find, 2));
	json_in_free(record);
	(void) sqlite3_reset(find);
}

static struct known *device_of(struct known *all, sqlite3_stmt *find, const char *mac, const char *phy)
{
	struct known *k;
	struct mac m;

	if (mac_parse(mac, strlen(mac), &m) < 0)
		return NULL;
	k = &all[mac_u64(&m) * UINT64_C(0x9e3779b97f4a7c15) >> 52];
	if (strcmp(k->mac, mac) == 0 && strcmp(k->phy, phy) == 0)
		return k;
	*k = (struct known){.last_us = INT64_MIN / 2};
	(void) snprintf(k->mac, sizeof(k->mac), "%s", mac);
	(void) snprintf(k->phy, sizeof(k->phy), "%s", phy);
	read_device(find, k);
	return k;
}

/* Where and how it was seen, with what is known of it. */
static void write_row(struct buf *out, const struct known *k, const struct wigle_row *seen)
{
	struct wigle_row r = *seen;

	r.mac = k->mac;
	r.name = k->name;
	r.type = k->type;
	r.crypt = k->crypt;
	r.is_adhoc = k->is_adhoc;
	r.channel = k->channel;
	r.first_sec = k->first_sec;
	wigle_row(out, &r);
}

static void write_log(const struct log_options *o, struct log_db *l, struct buf *out, FILE *f)
{
	sqlite3_stmt *find = log_prepare(l, "SELECT first_time, device, type FROM devices WHERE phyname = ? "
					    "AND devmac = ?");
	char *sql = sqlite3_mprintf("SELECT ts_sec, ts_usec, phyname, sourcemac, frequency, lat, lon, %s, signal "
				    "FROM packets WHERE lat != 0 AND lon != 0",
				    log_column(l, "packets", "alt", "0"));
	sqlite3_stmt *s = log_prepare(l, sql);
	uint64_t total = log_rows(l, "packets"), done = 0;
	struct known *all = xnew(struct known, KNOWN);
	struct log_accuracy *accuracy = log_accuracy_read(l);

	while (log_next(l, s)) {
		struct known *k = device_of(all, find, log_text(s, 3), log_text(s, 2));
		int64_t us = sqlite3_column_int64(s, 0) * 1000000 + sqlite3_column_int64(s, 1);
		double lat = log_position(l, s, 5), lon = log_position(l, s, 6);

		log_progress(o, ++done, total);
		if (!k || !k->there || !log_position_good(o, lat, lon) ||
		    us - k->last_us < (int64_t) (o->rate_sec * 1e6))
			continue;
		k->last_us = us;
		write_row(out, k,
			  &(struct wigle_row){.freq_khz = (uint32_t) sqlite3_column_double(s, 4),
					      .signal_dbm = sqlite3_column_int(s, 8),
					      .lat = lat,
					      .lon = lon,
					      .alt_m = sqlite3_column_double(s, 7),
					      .accuracy_m = log_accuracy_of(accuracy, us / 1000000, lat, lon)});
		log_write_out(f, out, false);
	}
	log_progress(o, 0, 0);
	sqlite3_free(sql);
	(void) sqlite3_finalize(s);
	(void) sqlite3_finalize(find);
	free(accuracy);
	free(all);
}

/* Devices of which no packet is: what a capture program reported, and networks that do not transmit themselves; each at
 * the mean of its positions. */
static void write_reported(const struct log_options *o, struct log_db *l, struct buf *out, FILE *f)
{
	sqlite3_stmt *find = log_prepare(l, "SELECT first_time, device, type FROM devices WHERE phyname = ? "
					    "AND devmac = ?");
	sqlite3_stmt *s = log_prepare(
		l, "SELECT phyname, devmac, avg_lat, avg_lon, strongest_signal FROM devices "
		   "WHERE phyname IN ('Bluetooth', 'BTLE', 'IEEE802.11') AND avg_lat != 0 AND avg_lon != 0 AND devmac "
		   "NOT IN "
		   "(SELECT sourcemac FROM packets WHERE phyname = devices.phyname AND sourcemac NOT NULL)");

	while (log_next(l, s)) {
		double lat = log_position(l, s, 2), lon = log_position(l, s, 3);
		struct known k = {0};

		(void) snprintf(k.phy, sizeof(k.phy), "%s", log_text(s, 0));
		(void) snprintf(k.mac, sizeof(k.mac), "%s", log_text(s, 1));
		read_device(find, &k);
		if (!k.there || !log_position_good(o, lat, lon))
			continue;
		write_row(out, &k, &(struct wigle_row){.signal_dbm = sqlite3_column_int(s, 4), .lat = lat, .lon = lon});
		log_write_out(f, out, false);
	}
	(void) sqlite3_finalize(s);
	(void) sqlite3_finalize(find);
}

int log_wigle(const struct log_options *o)
{
	struct buf out = {0};
	FILE *f = NULL;
	struct log_db l;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!log_open(&l, o->inputs[i], LOG_READ))
			continue;
		if (!f) {
			f = log_output(o);
			wigle_begin(&out);
		}
		write_log(o, &l, &out, f);
		write_reported(o, &l, &out, f);
		log_close(&l);
	}
	log_finish(f, &out);
	return log_status();
}
