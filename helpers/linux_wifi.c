/* Captures from Wi-Fi interfaces of Linux: a monitor interface beside the one that is named, its
 * channels over nl80211, its frames by libpcap. Needs CAP_NET_ADMIN and CAP_NET_RAW and nothing
 * else. */
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/period.h"
#include "helper.h"
#include "main.h"
#include "network_manager.h"
#include "nl80211.h"
#include "wifi_system.h"

#define SNAPLEN 65535
#define BUFFER_SIZE (16 * 1024 * 1024) /* what the kernel keeps while we are busy */
#define READ_MS 100
#define DEAF_MIN 5
#define DATA_KEPT 64 /* octets of a data frame with truncate_data= */

struct wifi {
	struct nl80211 *nl;
	pcap_t *pcap;
	char vif[16];
	int index;
	uint32_t wiphy;
	bool made;         /* the monitor interface is ours to remove */
	bool connected;    /* the radio belongs to a connection of the user */
	char released[16]; /* the interface that NetworkManager gets back in the end */
	bool truncate;
	bool plain; /* there is no radio to tune */
	char ssid[33];
	uint64_t seen_us, stats_us;
	uint64_t kernel_drops;
	unsigned last_drop;
	struct helper *helper;
};

__attribute__((format(printf, 2, 3))) static int fail(char error[HELPER_ERROR_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void) vsnprintf(error, HELPER_ERROR_SIZE, format, args);
	va_end(args);
	return -1;
}

/* What is not to be done without the capability says so by itself. */
static const char *why(int r)
{
	return r == -EPERM || r == -EACCES ? "not permitted: the program needs CAP_NET_ADMIN and CAP_NET_RAW (setcap "
					     "cap_net_admin,cap_net_raw=eip on it)"
	       : r == -EBUSY               ? "the radio is busy: another program or a connection holds it"
	       : r == -ERFKILL             ? "the radio is switched off (rfkill unblock wifi)"
					   : strerror(-r);
}

static int list(void *ctx, struct helper_interface *ret, unsigned max)
{
	DIR *dir = opendir("/sys/class/net");
	const struct dirent *e;
	unsigned n = 0;

	(void) ctx;
	while (dir && n < max && (e = readdir(dir))) {
		struct wifi_system s;

		if (e->d_name[0] == '.' || strlen(e->d_name) >= IFNAMSIZ || !wifi_system_find(e->d_name, &s))
			continue;
		(void) snprintf(ret[n].name, sizeof(ret[n].name), "%s", e->d_name);
		(void) snprintf(ret[n].hardware, sizeof(ret[n].hardware), "%s", s.driver);
		n++;
	}
	if (dir)
		(void) closedir(dir);
	return (int) n;
}

struct wanted {
	bool ht, vht, default_ht20, expand_ht20, band[3];
};

static void add(char *list, uint32_t mhz, enum wifi_width width)
{
	char text[WIFI_CHANNEL_SIZE];
	size_t used = strlen(list);

	if (wifi_channel_format(mhz, width, text) && used + strlen(text) + 2 < HELPER_CHANNELS_SIZE)
		(void) snprintf(list + used, HELPER_CHANNELS_SIZE - used, "%s%s", used ? "," : "", text);
}

static void add_frequency(char *list, const struct nl80211_frequency *f, const struct wanted *w)
{
	if (!w->band[f->mhz < 3000 ? 0 : f->mhz < 5926 ? 1 : 2])
		return;
	if (f->mhz > 5925) {
		add(list, f->mhz, WIFI_BASIC);
		return;
	}
	if (!(w->default_ht20 && f->ht20))
		add(list, f->mhz, WIFI_BASIC);
	if (f->ht20 && (w->default_ht20 || w->expand_ht20))
		add(list, f->mhz, WIFI_HT20);
	if (w->ht && f->ht40_minus)
		add(list, f->mhz, WIFI_HT40_MINUS);
	if (w->ht && f->ht40_plus)
		add(list, f->mhz, WIFI_HT40_PLUS);
	if (w->vht && f->w80)
		add(list, f->mhz, WIFI_80);
	if (w->vht && f->w160)
		add(list, f->mhz, WIFI_160);
}

static int read_channels(struct nl80211 *nl, uint32_t wiphy, const struct definition *d, struct helper_opened *ret,
			 char error[HELPER_ERROR_SIZE])
{
	const struct wanted w = {.ht = definition_yes(d, "ht_channels", true),
				 .vht = definition_yes(d, "vht_channels", true),
				 .default_ht20 = definition_yes(d, "default_ht20", false),
				 .expand_ht20 = definition_yes(d, "expand_ht20", false),
				 .band = {definition_yes(d, "band24ghz", true), definition_yes(d, "band5ghz", true),
					  definition_yes(d, "band6ghz", true)}};
	cleanup_free struct nl80211_wiphy *radio = xnew(struct nl80211_wiphy, 1);
	int r = nl80211_wiphy(nl, wiphy, radio);

	if (r < 0)
		return fail(error, "Cannot read the channels of the radio: %s", why(r));
	if (!radio->monitor)
		return fail(error, "The driver (%s) of %s cannot capture: it has no monitor mode", ret->hardware,
			    d->interface);
	for (uint32_t i = 0; i < radio->count; i++)
		add_frequency(ret->channels, &radio->frequencies[i], &w);
	return 0;
}

/* Fills what is known of the interface without touching it. */
static int identify(struct nl80211 *nl, const struct definition *d, struct wifi_system *s, struct helper_opened *ret,
		    char error[HELPER_ERROR_SIZE])
{
	if (!wifi_system_find(d->interface, s))
		return fail(error, "'%.64s' is not a Wi-Fi interface of this machine", d->interface);
	if (s->plain) {
		helper_uuid("kismet_cap_linux_wifi", s->mac, ret->uuid);
		return 0;
	}
	if (!nl)
		return fail(error, "This kernel has no nl80211 (cfg80211 is not loaded)");
	helper_uuid("kismet_cap_linux_wifi", s->mac, ret->uuid);
	(void) snprintf(ret->hardware, sizeof(ret->hardware), "%s", s->driver);
	return read_channels(nl, s->wiphy, d, ret, error);
}

static int probe(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE])
{
	struct nl80211 *nl = nl80211_open();
	struct wifi_system s;
	int r = identify(nl, d, &s, ret, error);

	(void) ctx;
	nl80211_close(nl);
	return r;
}

/* The name that the monitor interface gets. */
static void name_vif(struct wifi *w, const struct definition *d)
{
	const char *vif = definition_get(d, "vif");

	if (vif && *vif && strlen(vif) < sizeof(w->vif))
		(void) snprintf(w->vif, sizeof(w->vif), "%s", vif);
	else if (strlen(d->interface) + 4 <= sizeof(w->vif))
		(void) snprintf(w->vif, sizeof(w->vif), "%smon", d->interface);
	else
		for (int i = 0; i < 100; i++) {
			(void) snprintf(w->vif, sizeof(w->vif), "kismon%d", i);
			if (if_nametoindex(w->vif) == 0)
				break;
		}
}

/* Uses the monitor interface that is there, or makes one. */
static int make_vif(struct wifi *w, const struct definition *d, char error[HELPER_ERROR_SIZE])
{
	struct nl80211_interface i;
	int r, there;

	name_vif(w, d);
	there = (int) if_nametoindex(w->vif);
	if (there && nl80211_interface(w->nl, there, &i) >= 0 && nl80211_is_monitor(&i) && i.wiphy == w->wiphy) {
		w->index = there; /* left over from a program that was killed */
		w->made = true;
		return 0;
	}
	if (there)
		return fail(error, "The interface %s exists already; choose another name with vif=", w->vif);
	r = nl80211_add_monitor(w->nl, w->wiphy, w->vif, definition_yes(d, "fcsfail", false),
				definition_yes(d, "plcpfail", false), &w->index);
	if (r < 0)
		return fail(error, "Cannot make the monitor interface %s: %s", w->vif, why(r));
	w->made = true;
	return 0;
}

/* A connection stays; an idle interface goes down, so that it does not hold the radio's channel. */
static void take_primary(struct wifi *w, const char *name, struct helper_opened *ret)
{
	enum network_manager manager = w->connected ? NETWORK_MANAGER_NONE : network_manager_release(name);

	if (manager == NETWORK_MANAGER_IN_USE) {
		w->connected = true;
		(void) strcpy(w->ssid, "a network, by NetworkManager");
	}
	if (manager == NETWORK_MANAGER_RELEASED)
		(void) snprintf(w->released, sizeof(w->released), "%.15s", name);
	if (w->connected)
		(void) snprintf(ret->warning, sizeof(ret->warning),
				"%s is connected to '%s' and stays connected: only its channel is captured. "
				"Disconnect it (nmcli device set %s managed no) to change channels",
				name, w->ssid, name);
	else if (manager == NETWORK_MANAGER_REFUSED)
		(void) snprintf(ret->warning, sizeof(ret->warning),
				"NetworkManager manages %s and may change its channel; to prevent that: "
				"nmcli device set %s managed no",
				name, name);
	if (!w->connected && nl80211_is_up(name))
		(void) nl80211_up(name, false);
}

/* The interface that is named: a monitor already, in use by its owner, or free. */
static int settle_primary(struct wifi *w, const struct definition *d, struct helper_opened *ret,
			  char error[HELPER_ERROR_SIZE])
{
	struct nl80211_interface i;
	int index = (int) if_nametoindex(d->interface), r;

	if (index == 0) /* a radio by its name, without an interface */
		return make_vif(w, d, error);
	r = nl80211_interface(w->nl, index, &i);
	if (r < 0)
		return fail(error, "The kernel does not describe the interface %s: %s", d->interface, why(r));
	if (nl80211_is_monitor(&i)) {
		(void) snprintf(w->vif, sizeof(w->vif), "%.15s", d->interface);
		w->index = index;
		return 0;
	}
	w->connected = i.ssid[0];
	memcpy(w->ssid, i.ssid, sizeof(w->ssid));
	if (w->connected || !definition_yes(d, "ignoreprimary", false))
		take_primary(w, d->interface, ret);
	r = make_vif(w, d, error);
	if (r >= 0)
		(void) network_manager_release(w->vif); /* it goes with the interface */
	return r;
}

static int start_pcap(struct wifi *w, struct helper_opened *ret, char error[HELPER_ERROR_SIZE])
{
	char text[PCAP_ERRBUF_SIZE];
	int r;

	w->pcap = pcap_create(w->vif, text);
	if (!w->pcap)
		return fail(error, "Cannot capture from %s: %.120s", w->vif, text);
	(void) pcap_set_snaplen(w->pcap, SNAPLEN);
	(void) pcap_set_promisc(w->pcap, 1);
	(void) pcap_set_timeout(w->pcap, READ_MS);
	(void) pcap_set_buffer_size(w->pcap, BUFFER_SIZE);
	r = pcap_activate(w->pcap);
	if (r < 0)
		return fail(error, "Cannot capture from %s: %.160s", w->vif,
			    r == PCAP_ERROR_PERM_DENIED ? why(-EPERM) : pcap_geterr(w->pcap));
	if (pcap_setnonblock(w->pcap, 1, text) < 0)
		return fail(error, "Cannot read from %s: %.120s", w->vif, text);
	ret->dlt = (uint32_t) pcap_datalink(w->pcap);
	return 0;
}

/* filter_mgmt=, filter_locals=, filter_interface=, filter_address= as one filter for the kernel. */
static int filter(struct wifi *w, const struct definition *d, char error[HELPER_ERROR_SIZE])
{
	struct buf text = {0};
	struct bpf_program program;
	int r = 0;

	wifi_system_filter(d, definition_yes(d, "filter_mgmt", false), definition_yes(d, "filter_locals", false),
			   &text);
	if (text.len) {
		if (pcap_compile(w->pcap, &program, buf_text(&text), 1, PCAP_NETMASK_UNKNOWN) < 0) {
			r = fail(error, "The capture filter cannot be compiled: %.160s", pcap_geterr(w->pcap));
		} else {
			if (pcap_setfilter(w->pcap, &program) < 0)
				r = fail(error, "The capture filter cannot be set: %.160s", pcap_geterr(w->pcap));
			pcap_freecode(&program);
		}
	}
	buf_finish(&text);
	return r;
}

static void close_it(void *ctx)
{
	struct wifi *w = ctx;

	if (w->pcap)
		pcap_close(TAKE(w->pcap));
	if (w->made)
		(void) nl80211_remove(w->nl, w->index);
	if (w->released[0])
		network_manager_return(w->released);
	w->released[0] = '\0';
	nl80211_close(TAKE(w->nl));
	w->made = false;
}

static int open_all(struct wifi *w, const struct definition *d, struct helper_opened *ret,
		    char error[HELPER_ERROR_SIZE])
{
	struct wifi_system s;
	int r = identify(w->nl, d, &s, ret, error);

	if (r < 0)
		return r;
	w->wiphy = s.wiphy;
	if (s.blocked)
		return fail(error, "The radio of %s is switched off by %s", d->interface,
			    s.blocked_hard ? "a switch of the machine" : "software: rfkill unblock wifi");
	w->plain = s.plain;
	if (s.plain)
		(void) snprintf(w->vif, sizeof(w->vif), "%.15s", d->interface);
	else
		r = settle_primary(w, d, ret, error);
	if (r < 0)
		return r;
	r = nl80211_up(w->vif, true);
	if (r < 0)
		return fail(error, "Cannot bring %s up: %s", w->vif, why(r));
	r = start_pcap(w, ret, error);
	if (r >= 0)
		r = filter(w, d, error);
	(void) snprintf(ret->capture, sizeof(ret->capture), "%s", w->vif);
	return r;
}

static int open_it(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE])
{
	struct wifi *w = ctx;
	int r;

	*w = (struct wifi){.nl = nl80211_open(), .truncate = definition_yes(d, "truncate_data", false)};
	r = open_all(w, d, ret, error);
	if (r < 0)
		close_it(w);
	return r;
}

static int tune(void *ctx, const char *channel, char error[HELPER_ERROR_SIZE])
{
	struct wifi *w = ctx;
	struct wifi_channel c;
	int r;

	if (wifi_channel_parse(channel, &c) < 0)
		return (void) fail(error, "'%.20s' is not a channel; expected one like 6, 6HT40+, 36VHT80 or 5W6e",
				   channel),
		       HELPER_REFUSED;
	if (w->plain)
		return (void) fail(error, "%s cannot change its channel", w->vif), HELPER_REFUSED;
	r = nl80211_tune(w->nl, w->index, &c);
	if (r >= 0)
		return HELPER_TUNED;
	if (!nl80211_is_up(w->vif))
		return fail(error, "The interface %s was removed or is down", w->vif);
	if (w->connected)
		(void) fail(error, "The radio stays on its channel: it is connected to '%s'", w->ssid);
	else if (r == -EINVAL)
		(void) fail(error,
			    "Channel %.20s is not allowed in this country (iw reg get) or not supported by the radio",
			    channel);
	else
		(void) fail(error, "Channel %.20s cannot be set: %s", channel, why(r));
	return HELPER_REFUSED;
}

/* A data frame's first octets are enough to know who talks (truncate_data=). */
static uint32_t kept(const struct wifi *w, const uint8_t *p, uint32_t n)
{
	uint32_t radiotap = n > 4 ? (uint32_t) (p[2] | p[3] << 8) : n;

	if (!w->truncate || radiotap >= n || (p[radiotap] & 0x0c) != 0x08 || n - radiotap <= DATA_KEPT)
		return n;
	return radiotap + DATA_KEPT;
}

static void on_frame(unsigned char *ctx, const struct pcap_pkthdr *h, const unsigned char *p)
{
	struct wifi *w = (struct wifi *) (void *) ctx;

	helper_packet(w->helper,
		      &(struct helper_packet){.data = p,
					      .size = kept(w, p, h->caplen),
					      .length = h->len,
					      .dlt = (uint32_t) pcap_datalink(w->pcap),
					      .time_us = (uint64_t) h->ts.tv_sec * 1000000 + (uint64_t) h->ts.tv_usec});
}

/* Once a second: the kernel's counter, which has 32 bits and goes round, and whether the interface
 * is still there. False when it was removed. */
static bool housekeep(struct wifi *w, uint64_t now)
{
	struct pcap_stat s;

	if (now - w->stats_us < 1000000)
		return true;
	w->stats_us = now;
	if (pcap_stats(w->pcap, &s) >= 0) {
		w->kernel_drops += s.ps_drop - w->last_drop;
		w->last_drop = s.ps_drop;
		helper_kernel_drops(w->helper, w->kernel_drops);
	}
	if (nl80211_is_up(w->vif))
		return true;
	helper_fail(w->helper, "The interface %s was removed or is down", w->vif);
	return false;
}

static void capture(void *ctx, struct helper *h)
{
	struct wifi *w = ctx;

	w->helper = h;
	while (!helper_stopping(h)) {
		struct pollfd fd = {.fd = pcap_get_selectable_fd(w->pcap), .events = POLLIN};
		int n;
		uint64_t now;

		(void) poll(&fd, 1, READ_MS); /* libpcap itself may wait for ever where nothing is seen */
		n = pcap_dispatch(w->pcap, 256, on_frame, (unsigned char *) w);
		now = clock_monotonic_us();
		if (n < 0) {
			helper_fail(h, "%s delivers no frames any more: %.160s", w->vif, pcap_geterr(w->pcap));
			return;
		}
		if (n > 0)
			w->seen_us = now;
		if (w->seen_us && now - w->seen_us > DEAF_MIN * UINT64_C(60000000)) {
			helper_fail(h,
				    "%s has not received a frame for " TEXT_OF(DEAF_MIN) " minutes; it is opened again",
				    w->vif);
			return;
		}
		if (!housekeep(w, now))
			return;
	}
}

int main(int argc, char **argv)
{
	static const struct helper_kind kind = {.type = "linuxwifi",
						.capabilities = UINT64_C(1) << CAP_NET_ADMIN | UINT64_C(1)
												       << CAP_NET_RAW,
						.list = list,
						.probe = probe,
						.open = open_it,
						.tune = tune,
						.capture = capture,
						.close = close_it};
	struct wifi w = {0};

	return helper_main(argc, argv, &kind, &w);
}
