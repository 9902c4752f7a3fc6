#include "store/log/wigle.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "wire/channel.h"

void wigle_begin(struct buf *out)
{
	buf_str(out, "WigleWifi-1.6,appRelease=norn-" NORN_VERSION ",model=norn,release=" NORN_VERSION
		     ",device=norn,display=norn,board=norn,brand=norn,star=Sol,body=3,subBody=0\n"
		     "MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,"
		     "AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type\n");
}

void csv_field(struct buf *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
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

/* What the words of an encryption are there: the first that is found of each kind. */
static void auth_mode(struct buf *out, const char *crypt)
{
	static const struct {
		const char *word, *text;
	} rows[] = {
		{"OWE", "[OWE-CCMP]"},
		{"WPA3", "[WPA3-SAE-CCMP]"},
		{"SAE", "[WPA3-SAE-CCMP]"},
		{"WPA2-EAP", "[WPA2-EAP-CCMP]"},
		{"WPA2", "[WPA2-PSK-CCMP]"},
		{"WPA", "[WPA-PSK-TKIP]"},
		{"WEP", "[WEP]"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strstr(crypt, rows[i].word))
			continue;
		buf_str(out, rows[i].text);
		break;
	}
	buf_str(out, "[ESS]");
}

void wigle_row(struct buf *out, const struct wigle_row *r)
{
	bool wifi = strcmp(r->type, "WIFI") == 0;
	char channel[CHANNEL_TEXT_SIZE] = "0", when[32];
	time_t first = (time_t) r->first_sec;
	struct tm tm;

	(void) gmtime_r(&first, &tm);
	(void) strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	if (wifi && r->freq_khz)
		channel_of_khz(r->freq_khz, channel);
	channel[strspn(channel, "0123456789")] = '\0';
	buf_printf(out, "%s,", r->mac);
	csv_field(out, r->name);
	buf_char(out, ',');
	if (wifi)
		auth_mode(out, r->crypt);
	else
		buf_str(out, strcmp(r->type, "BLE") == 0 ? "Misc [LE]" : "Misc [BT]");
	buf_printf(out, ",%s,%s,", when, channel);
	if (r->freq_khz)
		buf_printf(out, "%u", r->freq_khz / 1000);
	buf_printf(out, ",%d,%.6f,%.6f,%.6f,%.*f,,,%s\n", r->signal_dbm, r->lat, r->lon, r->alt_m,
		   r->accuracy_m > 0 ? 2 : 0, r->accuracy_m > 0 ? r->accuracy_m : 0, r->type);
}
