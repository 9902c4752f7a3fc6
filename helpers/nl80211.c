#include "nl80211.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

struct nl80211 {
	struct nl_sock *socket;
	int family;
};

struct nl80211 *nl80211_open(void)
{
	struct nl80211 *n = xnew(struct nl80211, 1);

	n->socket = nl_socket_alloc();
	if (!n->socket || genl_connect(n->socket) < 0) {
		nl80211_close(n);
		return NULL;
	}
	(void) nl_socket_set_buffer_size(n->socket, 65536, 65536);
	n->family = genl_ctrl_resolve(n->socket, "nl80211");
	if (n->family < 0) {
		nl80211_close(n);
		return NULL;
	}
	return n;
}

void nl80211_close(struct nl80211 *n)
{
	if (!n)
		return;
	nl_socket_free(n->socket);
	free(n);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *ctx)
{
	(void) from;
	*(int *) ctx = e->error;
	return NL_STOP;
}

static int on_end(struct nl_msg *m, void *ctx)
{
	(void) m;
	*(int *) ctx = 0;
	return NL_STOP;
}

static int on_ack(struct nl_msg *m, void *ctx)
{
	return on_end(m, ctx);
}

static struct nl_msg *request(struct nl80211 *n, uint8_t command, int flags)
{
	struct nl_msg *m = nlmsg_alloc();

	if (m)
		(void) genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, n->family, 0, flags, command, 0);
	return m;
}

/* Sends it, and hands each answer to fn(msg, ctx). */
static int transact(struct nl80211 *n, struct nl_msg *m, int (*fn)(struct nl_msg *, void *), void *ctx)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int status = 1, r;

	if (!cb || !m) {
		nlmsg_free(m);
		nl_cb_put(cb);
		return -ENOMEM;
	}
	r = nl_send_auto(n->socket, m);
	nlmsg_free(m);
	(void) nl_cb_err(cb, NL_CB_CUSTOM, on_error, &status);
	(void) nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, &status);
	(void) nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, &status);
	if (fn)
		(void) nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, fn, ctx);
	while (r >= 0 && status > 0)
		if (nl_recvmsgs(n->socket, cb) < 0 && status > 0)
			status = -EIO;
	nl_cb_put(cb);
	return r < 0 ? -EIO : status;
}

static void attributes(struct nl_msg *m, struct nlattr *ret[NL80211_ATTR_MAX + 1])
{
	struct genlmsghdr *h = nlmsg_data(nlmsg_hdr(m));

	(void) nla_parse(ret, NL80211_ATTR_MAX, genlmsg_attrdata(h, 0), genlmsg_attrlen(h, 0), NULL);
}

static int on_interface(struct nl_msg *m, void *ctx)
{
	struct nlattr *a[NL80211_ATTR_MAX + 1];
	struct nl80211_interface *i = ctx;

	attributes(m, a);
	if (a[NL80211_ATTR_IFINDEX])
		i->index = (int) nla_get_u32(a[NL80211_ATTR_IFINDEX]);
	if (a[NL80211_ATTR_WIPHY])
		i->wiphy = nla_get_u32(a[NL80211_ATTR_WIPHY]);
	if (a[NL80211_ATTR_IFTYPE])
		i->type = nla_get_u32(a[NL80211_ATTR_IFTYPE]);
	if (a[NL80211_ATTR_WIPHY_FREQ])
		i->mhz = nla_get_u32(a[NL80211_ATTR_WIPHY_FREQ]);
	if (a[NL80211_ATTR_MAC] && nla_len(a[NL80211_ATTR_MAC]) >= 6)
		memcpy(i->mac, nla_data(a[NL80211_ATTR_MAC]), 6);
	if (a[NL80211_ATTR_IFNAME])
		(void) nla_strlcpy(i->name, a[NL80211_ATTR_IFNAME], sizeof(i->name));
	if (a[NL80211_ATTR_SSID] && nla_len(a[NL80211_ATTR_SSID]) <= 32)
		memcpy(i->ssid, nla_data(a[NL80211_ATTR_SSID]), (size_t) nla_len(a[NL80211_ATTR_SSID]));
	return NL_SKIP;
}

int nl80211_interface(struct nl80211 *n, int index, struct nl80211_interface *ret)
{
	struct nl_msg *m = request(n, NL80211_CMD_GET_INTERFACE, 0);

	memset(ret, 0, sizeof(*ret));
	if (m)
		(void) nla_put_u32(m, NL80211_ATTR_IFINDEX, (uint32_t) index);
	return transact(n, m, on_interface, ret);
}

bool nl80211_is_monitor(const struct nl80211_interface *i)
{
	return i->type == NL80211_IFTYPE_MONITOR;
}

/* What a band can do, beyond what each of its frequencies may. */
struct band {
	bool ht, ht40, vht, w160;
};

static void take_frequency(struct nlattr *attr, const struct band *b, struct nl80211_wiphy *w)
{
	struct nlattr *a[NL80211_FREQUENCY_ATTR_MAX + 1];
	struct nl80211_frequency *f;

	(void) nla_parse_nested(a, NL80211_FREQUENCY_ATTR_MAX, attr, NULL);
	if (!a[NL80211_FREQUENCY_ATTR_FREQ] || a[NL80211_FREQUENCY_ATTR_DISABLED] ||
	    w->count == NL80211_FREQUENCIES_MAX)
		return;
	f = &w->frequencies[w->count++];
	f->mhz = nla_get_u32(a[NL80211_FREQUENCY_ATTR_FREQ]);
	f->ht20 = b->ht;
	f->ht40_plus = b->ht40 && !a[NL80211_FREQUENCY_ATTR_NO_HT40_PLUS];
	f->ht40_minus = b->ht40 && !a[NL80211_FREQUENCY_ATTR_NO_HT40_MINUS];
	f->w80 = b->vht && !a[NL80211_FREQUENCY_ATTR_NO_80MHZ] && wifi_channel_center(f->mhz, WIFI_80);
	f->w160 = b->w160 && !a[NL80211_FREQUENCY_ATTR_NO_160MHZ] && wifi_channel_center(f->mhz, WIFI_160);
}

/* The split dump has a band's abilities and its frequencies in messages of their own. */
struct wiphy_reading {
	struct nl80211_wiphy *wiphy;
	uint32_t number;
	struct band bands[8];
};

static void take_band(struct nlattr *attr, struct wiphy_reading *r)
{
	struct nlattr *a[NL80211_BAND_ATTR_MAX + 1], *frequency;
	unsigned type = (unsigned) nla_type(attr);
	struct band *b = &r->bands[type < ARRAY_SIZE(r->bands) ? type : ARRAY_SIZE(r->bands) - 1];
	int left;

	(void) nla_parse_nested(a, NL80211_BAND_ATTR_MAX, attr, NULL);
	if (a[NL80211_BAND_ATTR_HT_CAPA]) { /* IEEE 802.11-2020 9.4.2.55.2: bit 1, 40 MHz */
		b->ht = true;
		b->ht40 = nla_get_u16(a[NL80211_BAND_ATTR_HT_CAPA]) & 2;
	}
	if (a[NL80211_BAND_ATTR_VHT_CAPA]) { /* 9.4.2.157.2: bits 2 and 3, 160 MHz */
		b->vht = true;
		b->w160 = nla_get_u32(a[NL80211_BAND_ATTR_VHT_CAPA]) & 0xc;
	}
	if (a[NL80211_BAND_ATTR_FREQS])
		nla_for_each_nested(frequency, a[NL80211_BAND_ATTR_FREQS], left) take_frequency(frequency, b, r->wiphy);
}

static int on_wiphy(struct nl_msg *m, void *ctx)
{
	struct nlattr *a[NL80211_ATTR_MAX + 1], *each;
	struct wiphy_reading *r = ctx;
	int left;

	attributes(m, a);
	if (!a[NL80211_ATTR_WIPHY] || nla_get_u32(a[NL80211_ATTR_WIPHY]) != r->number)
		return NL_SKIP;
	if (a[NL80211_ATTR_SUPPORTED_IFTYPES])
		nla_for_each_nested(each, a[NL80211_ATTR_SUPPORTED_IFTYPES], left) r->wiphy->monitor |=
			nla_type(each) == NL80211_IFTYPE_MONITOR;
	if (a[NL80211_ATTR_WIPHY_BANDS])
		nla_for_each_nested(each, a[NL80211_ATTR_WIPHY_BANDS], left) take_band(each, r);
	return NL_SKIP;
}

int nl80211_wiphy(struct nl80211 *n, uint32_t wiphy, struct nl80211_wiphy *ret)
{
	struct nl_msg *m = request(n, NL80211_CMD_GET_WIPHY, NLM_F_DUMP);
	struct wiphy_reading r = {.wiphy = ret, .number = wiphy};

	memset(ret, 0, sizeof(*ret));
	if (m) {
		(void) nla_put_u32(m, NL80211_ATTR_WIPHY, wiphy);
		(void) nla_put_flag(m, NL80211_ATTR_SPLIT_WIPHY_DUMP);
	}
	return transact(n, m, on_wiphy, &r);
}

int nl80211_add_monitor(struct nl80211 *n, uint32_t wiphy, const char *name, bool fcsfail, bool plcpfail,
			int *ret_index)
{
	struct nl_msg *m = request(n, NL80211_CMD_NEW_INTERFACE, 0);
	struct nl80211_interface made = {0};
	struct nlattr *flags;
	int r;

	if (!m)
		return -ENOMEM;
	(void) nla_put_u32(m, NL80211_ATTR_WIPHY, wiphy);
	(void) nla_put_string(m, NL80211_ATTR_IFNAME, name);
	(void) nla_put_u32(m, NL80211_ATTR_IFTYPE, NL80211_IFTYPE_MONITOR);
	flags = nla_nest_start(m, NL80211_ATTR_MNTR_FLAGS);
	(void) nla_put_flag(m, NL80211_MNTR_FLAG_CONTROL);
	(void) nla_put_flag(m, NL80211_MNTR_FLAG_OTHER_BSS);
	if (fcsfail)
		(void) nla_put_flag(m, NL80211_MNTR_FLAG_FCSFAIL);
	if (plcpfail)
		(void) nla_put_flag(m, NL80211_MNTR_FLAG_PLCPFAIL);
	(void) nla_nest_end(m, flags);
	r = transact(n, m, on_interface, &made);
	if (r < 0)
		return r;
	*ret_index = made.index ? made.index : (int) if_nametoindex(name);
	return 0;
}

int nl80211_remove(struct nl80211 *n, int index)
{
	struct nl_msg *m = request(n, NL80211_CMD_DEL_INTERFACE, 0);

	if (m)
		(void) nla_put_u32(m, NL80211_ATTR_IFINDEX, (uint32_t) index);
	return transact(n, m, NULL, NULL);
}

static void put_width(struct nl_msg *m, const struct wifi_channel *c)
{
	static const uint32_t widths[] = {
		[WIFI_BASIC] = NL80211_CHAN_WIDTH_20_NOHT, [WIFI_HT20] = NL80211_CHAN_WIDTH_20,
		[WIFI_HT40_PLUS] = NL80211_CHAN_WIDTH_40,  [WIFI_HT40_MINUS] = NL80211_CHAN_WIDTH_40,
		[WIFI_80] = NL80211_CHAN_WIDTH_80,         [WIFI_160] = NL80211_CHAN_WIDTH_160,
		[WIFI_5] = NL80211_CHAN_WIDTH_5,           [WIFI_10] = NL80211_CHAN_WIDTH_10};
	uint32_t width = widths[c->width];

	if (c->mhz > 5925 && width == NL80211_CHAN_WIDTH_20_NOHT)
		width = NL80211_CHAN_WIDTH_20; /* 6 GHz knows no channel without HE */
	(void) nla_put_u32(m, NL80211_ATTR_CHANNEL_WIDTH, width);
	(void) nla_put_u32(m, NL80211_ATTR_CENTER_FREQ1, c->center_mhz);
}

int nl80211_tune(struct nl80211 *n, int index, const struct wifi_channel *c)
{
	struct nl_msg *m = request(n, NL80211_CMD_SET_WIPHY, 0);

	if (m) {
		(void) nla_put_u32(m, NL80211_ATTR_IFINDEX, (uint32_t) index);
		(void) nla_put_u32(m, NL80211_ATTR_WIPHY_FREQ, c->mhz);
		put_width(m, c);
	}
	return transact(n, m, NULL, NULL);
}

static int flags_of(const char *name, struct ifreq *ret)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->ifr_name, name, strnlen(name, IFNAMSIZ - 1));
	if (ioctl(fd, SIOCGIFFLAGS, ret) == 0)
		return fd;
	(void) close(fd);
	return -errno;
}

bool nl80211_is_up(const char *name)
{
	struct ifreq i = {0};
	int fd = flags_of(name, &i);

	if (fd < 0)
		return false;
	(void) close(fd);
	return i.ifr_flags & IFF_UP;
}

int nl80211_up(const char *name, bool up)
{
	struct ifreq i = {0};
	int fd = flags_of(name, &i), r;

	if (fd < 0)
		return fd;
	i.ifr_flags = (short) (up ? i.ifr_flags | IFF_UP : i.ifr_flags & ~IFF_UP);
	r = ioctl(fd, SIOCSIFFLAGS, &i) < 0 ? -errno : 0;
	(void) close(fd);
	return r;
}
