#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate_alerts.h"
#include "base/mem.h"
#include "detect/detector.h"
#include "detect/rule_number.h"
#include "detect/rules.h"
#include "phy/phys.h"
#include "generate.h"

static const char intro[] =
	"# Alerts\n\n"
	"Generated from the table of rules (`src/detect/rules/table.c`); `make docs` writes it.\n\n"
	"An alert is one row: its rates say how often it may be raised of one device (`10/min`) and in a burst\n"
	"(`1/sec`); `alert=NAME,10/min,1/sec` changes them and `alert=NAME,0/min` turns the rule off. A rule that\n"
	"is off costs nothing. Alerts that frames raise are held to their rates by packet time, others by the\n"
	"server's; what was held back is counted, and the next alert of that device says how many there were; when\n"
	"none comes, the last one is raised once more as soon as the rates allow it.\n"
	"The device is the one that the alert blames, or the network that a flood hits (`norn.alert.offender`): none\n"
	"hides another. `norn_max_alert_offenders` are counted apart at a time, and further ones together, so that "
	"addresses\n"
	"made up at random do not raise alerts without end.\n\n"
	"An alert carries addresses, channel, frequency, signal, source, location and device, the number of frames\n"
	"behind it (`norn.alert.frames`) from the first (`norn.alert.first_time`) to the latest\n"
	"(`norn.alert.packet_time`), and where that one is stored: `norn.alert.packet` is its `packetid` in the\n"
	"kismetdb `norn.alert.log`.\n\n"
	"The last column holds the numbers by which a rule decides; `norn_alert_threshold=NAME:most=20,within=2s` "
	"changes\n"
	"them. A number without one is set by a standard or by the software that is attacked.\n\n"
	"Rules whose state is *device* remember something of a device, those of *name* of all stations that\n"
	"advertise one name, those of *source* of one datasource; all of it is bounded. `own_ssid=` and\n"
	"`own_bssid=` say which networks are the user's: rules that need them are off without.\n\n"
	"Alerts leave the machine by `norn_alert_syslog=` (RFC 5424 over UDP, TCP or the local socket) and\n"
	"`norn_alert_webhook=` (their JSON record, posted over https); see norn.conf(5). What the captures in the\n"
	"tests raise is in [alerts-of-captures.md](alerts-of-captures.md).\n";

static const char *severity_name(uint8_t severity)
{
	switch (severity) {
	case SEVERITY_LOW: return "low";
	case SEVERITY_MEDIUM: return "medium";
	case SEVERITY_HIGH: return "high";
	case SEVERITY_CRITICAL: return "critical";
	default: return "info";
	}
}

static const char *scope_name(uint8_t scope)
{
	static const char *const names[] = {
		[SCOPE_FRAME] = "-",       [SCOPE_DEVICE] = "device",  [SCOPE_NAME] = "name",
		[SCOPE_SOURCE] = "source", [SCOPE_LIST] = "whitelist", [SCOPE_SERVER] = "the server"};

	return names[scope];
}

static const char *need_names(uint8_t needs)
{
	switch (needs) {
	case NEEDS_APSPOOF: return " Needs `apspoof=`.";
	case NEEDS_CANARY: return " Needs `ssidcanary=`.";
	case NEEDS_OWN_SSID: return " Needs `own_ssid=`.";
	case NEEDS_OWN_BSSID: return " Needs `own_bssid=`.";
	case NEEDS_OWN_SSID | NEEDS_OWN_BSSID: return " Needs `own_ssid=` and `own_bssid=`.";
	default: return "";
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct rule *const *) a)->name, (*(const struct rule *const *) b)->name);
}

static void row(const struct rule *r, struct buf *out)
{
	bool off = strncmp(r->limit, "0/", 2) == 0;

	buf_printf(out, "| `%s` | %s | %s%s%s | %s | ", r->name, severity_name(r->severity), off ? "off" : r->limit,
		   off ? "" : ", ", off ? "" : r->burst, scope_name(r->scope));
	rule_describe(r->description, &r->numbers, out);
	buf_printf(out, "%s | ", need_names(r->needs));
	if (!r->numbers.fixed)
		rule_numbers_print(&r->numbers, out);
	buf_str(out, " |\n");
}

void generate_alerts(struct buf *out)
{
	static const struct {
		const char *alert_class, *title;
	} classes[] = {{"DENIAL", "Denial of service"}, {"EXPLOIT", "Exploits"}, {"PROBE", "Probes and tools"},
		       {"SPOOF", "Forgeries"},          {"OTHER", "Other"},      {"SYSTEM", "The server itself"}};
	const struct rule **sorted = xnew(const struct rule *, rule_count);
	size_t n = 0;

	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].alert_class)
			sorted[n++] = &rules[i];
	qsort(sorted, n, sizeof(const struct rule *), by_name);
	buf_str(out, intro);
	for (size_t c = 0; c < ARRAY_SIZE(classes); c++) {
		buf_printf(out,
			   "\n## %s (`%s`)\n\n| alert | severity | rates | state | what it means | numbers |\n"
			   "|---|---|---|---|---|---|\n",
			   classes[c].title, classes[c].alert_class);
		for (size_t i = 0; i < n; i++)
			if (strcmp(sorted[i]->alert_class, classes[c].alert_class) == 0)
				row(sorted[i], out);
	}
	free(sorted);
}

void generate_rules(struct buf *out)
{
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = &rules[i];

		buf_printf(out, "%s\t%u\t%u\t", r->name, r->frames, r->needs);
		rule_describe(r->text ? r->text : "", &rule_definition(r)->numbers, out);
		buf_printf(out, "\t%s\n", r->fn ? phys_name((uint8_t) rule_phy(r)) : "");
	}
}
