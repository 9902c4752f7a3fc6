/* An example of a plugin with a phy. Its packets have link type 147, tcpdump.org's first for private use: the
 * sender's address, how loud it sings, its temperature in tenths of a degree (two octets, big endian), its song. */
#include <norn/plugin.h>
#include <string.h>

enum { LOUDNESS, TEMPERATURE, SONG, FIXED = 9 };

static const struct norn_host *host;

static int read_packet(void *ctx, const struct norn_packet *packet, struct norn_observation *observation)
{
	size_t n;
	const unsigned char *p = host->observation_frame(observation, &n);

	(void) ctx;
	(void) packet;
	if (n < FIXED)
		return -1;
	host->observation_address(observation, NORN_TRANSMITTER, p);
	host->observation_address(observation, NORN_SENDER, p);
	host->observation_integer(observation, LOUDNESS, p[6]);
	host->observation_real(observation, TEMPERATURE, (int16_t) (p[7] << 8 | p[8]) / 10.0);
	if (n > FIXED)
		host->observation_text(observation, SONG, (const char *) p + FIXED, n - FIXED);
	host->observation_name(observation, "a toy", strlen("a toy"));
	return 0;
}

static const struct norn_field fields[] = {
	[LOUDNESS] = {"toybox.loudness", NORN_INTEGER, "How loud it sings."},
	[TEMPERATURE] = {"toybox.temperature", NORN_REAL, "Degrees Celsius."},
	[SONG] = {"toybox.song", NORN_TEXT, "What it sings."},
};
static const unsigned link_types[] = {147};
static const struct norn_phy toybox = {
	.name = "Toybox",
	.record = "toybox.device",
	.sentence = "A toy, as its packets report it.",
	.fields = fields,
	.n_fields = sizeof(fields) / sizeof(fields[0]),
	.link_types = link_types,
	.n_link_types = sizeof(link_types) / sizeof(link_types[0]),
	.repeats = 1,
	.read = read_packet,
};

static int start(const struct norn_host *h, struct norn_self *self)
{
	host = h;
	return h->size < sizeof(*h) ? -1 : h->add_phy(self, &toybox, NULL);
}

extern const struct norn_plugin norn_plugin;
const struct norn_plugin norn_plugin = {NORN_PLUGIN_API, "toybox", "A phy for packets of link type 147.", start, NULL};
