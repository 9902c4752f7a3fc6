/* An example of a native plugin: counts packets, serves the count, and raises an alert at the first. */
#include <norn/plugin.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static const struct norn_host *host;
static struct norn_self *self;
static atomic_ulong packets;
static int first_alert;

static void on_packet(void *ctx, const struct norn_packet *packet)
{
	size_t n;

	(void) ctx;
	(void) host->packet_octets(packet, &n);
	if (atomic_fetch_add(&packets, 1) == 0)
		(void) host->raise_alert(self, first_alert, "The first packet is there");
}

static void count(void *ctx, struct norn_request *request)
{
	const char *key = host->request_variable(request, "key");
	char value[256] = "0", text[320];

	(void) ctx;
	if (key && host->device_value(self, key, "kismet.device.base.macaddr", value, sizeof(value)) < 0) {
		host->reply_status(request, 404);
		return;
	}
	(void) snprintf(text, sizeof(text), "{\"packets\":%lu,\"device\":%s}", atomic_load(&packets), value);
	host->reply_add(request, text, strlen(text));
}

static int start(const struct norn_host *h, struct norn_self *s)
{
	host = h;
	self = s;
	first_alert = host->add_alert(self, "HELLOPACKET", 0, "The first packet of a run (example plugin).");
	if (host->add_route(self, "/plugin-hello/count", "Packets so far.", count, NULL) < 0)
		return -1;
	return host->on_packet(self, on_packet, NULL);
}

extern const struct norn_plugin norn_plugin;
const struct norn_plugin norn_plugin = {NORN_PLUGIN_API, "hello", "Counts packets.", start, NULL};
