#include "capture/doubt.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <pcap/pcap.h>
#include <stdio.h>

#include "base/mem.h"

/* Link types of interfaces that are not radios: numbers of tcpdump.org's list. */
static const struct {
	uint16_t linktype;
	const char *what;
} wired[] = {
	{0, "frames of a loopback interface"},
	{1, "Ethernet frames"},
	{12, "IP packets"},
	{101, "IP packets"},
	{108, "frames of a loopback interface"},
	{113, "cooked frames of Linux (SLL)"},
	{276, "cooked frames of Linux (SLL2)"},
};

void doubt_packet(struct doubt *d, const struct packet *packet)
{
	d->packets++;
	if (packet->phy != PACKET_PHY_NONE) {
		d->understood++;
	} else if (packet->fcs_bad) {
		d->bad_fcs++;
	} else if (packet->mpdu.left || packet->link != packet->linktype) {
		d->no_phy++;
		d->linktype = packet->linktype;
	}
}

void doubt_report(struct doubt *d, bool taken)
{
	d->packets++;
	d->understood += taken;
}

/* Why frames of that link type are not understood. */
static void no_phy(uint16_t linktype, char *ret, size_t size)
{
	const char *name = pcap_datalink_val_to_name(linktype);

	for (size_t i = 0; i < ARRAY_SIZE(wired); i++)
		if (wired[i].linktype == linktype) {
			(void) snprintf(ret, size, "%s: norn needs a monitor interface", wired[i].what);
			return;
		}
	(void) snprintf(ret, size, "link type %u has no phy%s%.40s%s", linktype, name ? " (" : "", name ? name : "",
			name ? ")" : "");
}

bool doubt_text(const struct doubt *d, bool live, char *ret, size_t size)
{
	char why[160];

	*ret = '\0';
	if (d->packets == 0 || d->understood)
		return false;
	if (d->bad_fcs == d->packets)
		(void) snprintf(why, sizeof(why), "every checksum is wrong%s fcs=ignore takes them",
				live ? ":" : ": was the file rewritten?");
	else if (d->no_phy)
		no_phy(d->linktype, why, sizeof(why));
	else
		(void) snprintf(why, sizeof(why), "%s", "no phy can read them");
	(void) snprintf(ret, size, "%" PRIu64 " packet%s, none understood: %s", d->packets, d->packets == 1 ? "" : "s",
			why);
	return true;
}

bool doubt_due(struct doubt *d, uint64_t now_us)
{
	if (d->packets == 0 || d->understood || (d->bad_fcs && d->packets < DOUBT_SUMS))
		return false;
	if (d->first_us == 0)
		d->first_us = now_us;
	if (now_us - d->first_us < DOUBT_FIRST_US || (d->reported_us && now_us - d->reported_us < DOUBT_AGAIN_US))
		return false;
	d->reported_us = now_us;
	return true;
}
