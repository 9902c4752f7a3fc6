/* An example of a plugin with a log and a view: the log class `lines` writes one line a packet; the view
 * `lines-named` has the devices that somebody has named. */
#include <inttypes.h>
#include <norn/plugin.h>
#include <stdio.h>

static const struct norn_host *host;

static void *open_file(void *ctx, const char *path)
{
	FILE *f = fopen(path, "wxe");

	(void) ctx;
	if (f)
		(void) fprintf(f, "time_us,link type,octets,kHz,dBm,transmitter,network\n");
	return f;
}

static int packet(void *file, const struct norn_packet *p)
{
	char transmitter[18], network[18], dbm[16] = "";
	int n;

	if (host->packet_signal(p, &n))
		(void) snprintf(dbm, sizeof(dbm), "%d", n);
	host->packet_address(p, NORN_TRANSMITTER, transmitter);
	host->packet_address(p, NORN_NETWORK, network);
	return fprintf(file, "%" PRIu64 ",%u,%u,%u,%s,%s,%s\n", host->packet_time_us(p), host->packet_linktype(p),
		       (unsigned) host->packet_length(p), (unsigned) host->packet_khz(p), dbm, transmitter, network);
}

static int sync_file(void *file)
{
	return fflush(file) == 0 ? 0 : -1;
}

static void close_file(void *file)
{
	(void) fclose(file);
}

static const struct norn_log lines = {"lines", "One line a packet.", open_file, packet, sync_file, close_file};

static int start(const struct norn_host *h, struct norn_self *self)
{
	host = h;
	if (h->size < sizeof(*h))
		return -1; /* an older server, without logs */
	if (h->add_view(self, "lines-named:kismet.device.base.username=.", "Devices with a name.") < 0)
		return -1;
	return h->add_log(self, &lines, NULL);
}

extern const struct norn_plugin norn_plugin;
const struct norn_plugin norn_plugin = {NORN_PLUGIN_API, "lines", "A log of one line a packet.", start, NULL};
