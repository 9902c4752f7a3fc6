#include "store/log/wigle.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "phy/dot11/crypt.h"
#include "wire/channel.h"

void wigle_begin(struct buf *out)
{
	buf_str(out, "WigleWifi-1.6,appRelease=norn-" NORN_VERSION ",model=norn,release=" NORN_VERSION
		     ",device=norn,display=norn,board=norn,brand=norn,star=Sol,body=3,subBody=0\n"
		     "MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,"
		     "AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type\n");
}

void wigle_name(const struct ssid *ssid, char ret_text[SSID_TEXT_SIZE])
{
	for (size_t i = 0, n; i < ssid->len; i += n) {
		n = ssid->b[i] ? utf8_sequence(ssid->b + i, ssid->len - i) : 0;
		if (n == 0) {
			(void) ssid_text(ssid, ret_text);
			return;
		}
	}
	memcpy(ret_text, ssid->b, ssid->len);
	ret_text[ssid->len] = '\0';
}

void csv_field(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	if (!strpbrk(text, ",\"\r\n") && *text != ' ' && (n == 0 || text[n - 1] != ' ')) {
		buf_str(out, text);
		return;
	}
	buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

/* The channel that a network is on, which is not always the one that it was received on: number, then MHz. */
static void add_channel(struct buf *out, const struct wigle_row *r)
{
	char text[CHANNEL_TEXT_SIZE];
	uint32_t mhz = strcmp(r->type, "WIFI") == 0 ? channel_mhz(r->channel) : 0;

	channel_of_khz(mhz ? mhz * 1000 : strcmp(r->type, "WIFI") == 0 ? r->freq_khz : 0, text);
	mhz = mhz ? mhz : r->freq_khz / 1000;
	if (strstr(text, "MHz"))
		*text = '\0';
	text[strspn(text, "0123456789")] = '\0';
	buf_printf(out, ",%s,", *text ? text : "0");
	if (mhz)
		buf_printf(out, "%u", mhz);
}

static void add_auth_mode(struct buf *out, const struct wigle_row *r)
{
	char text[CRYPT_TEXT_SIZE];

	if (strcmp(r->type, "WIFI") != 0) {
		buf_str(out, strcmp(r->type, "BLE") == 0 ? "Misc [LE]" : "Misc [BT]");
		return;
	}
	crypt_capabilities(r->crypt, text);
	buf_str(out, text);
	buf_str(out, r->is_adhoc ? "[IBSS]" : "[ESS]");
}

void wigle_row(struct buf *out, const struct wigle_row *r)
{
	time_t first = (time_t) r->first_sec;
	char when[32];
	struct tm tm;

	(void) gmtime_r(&first, &tm);
	(void) strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	buf_printf(out, "%s,", r->mac);
	csv_field(out, r->name);
	buf_char(out, ',');
	add_auth_mode(out, r);
	buf_printf(out, ",%s", when);
	add_channel(out, r);
	buf_printf(out, ",%d,%.6f,%.6f,%.6f,%.*f,,,%s\n", r->signal_dbm, r->lat, r->lon, r->alt_m,
		   r->accuracy_m > 0 ? 2 : 0, r->accuracy_m > 0 ? r->accuracy_m : 0, r->type);
}
