/* Writes a pcap of radiotap frames as a site would send them: beacons, probes, joins with a 4-way
 * handshake, encrypted data and acknowledgements. The same options give the same bytes. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAX 1700
#define APS_MAX 4096
#define CLIENTS_MAX 100000
#define START_US 1700000000000000ULL

enum { TO_DS = 1, FROM_DS = 2, PROTECTED = 0x40 };

struct options {
	uint64_t frames, seed, step_us; /* step: between frames */
	unsigned aps, clients, probers, beacons, data, site;
	const char *out;
};

struct ap {
	uint8_t mac[6];
	char ssid[33];
	uint8_t channel;
	uint16_t seq, freq_mhz;
	bool band5;
};

struct client {
	uint8_t mac[6];
	unsigned ap;
	uint16_t seq;
	uint8_t step; /* of the join, JOIN_STEPS when done */
	uint64_t pn;
};

struct out {
	uint8_t b[FRAME_MAX];
	size_t n;
};

static struct options opt = {100000, 1, 250, 50, 200, 1000, 40, 40, 0, NULL};
static struct ap aps[APS_MAX];
static struct client clients[CLIENTS_MAX];
static uint64_t random_state, now_us = START_US, written;
static FILE *file;

static uint32_t next_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t) (random_state * 0x2545f4914f6cdd1d >> 32);
}

static unsigned below(unsigned n)
{
	return (unsigned) ((uint64_t) next_random() * n >> 32);
}

static void put(struct out *o, const void *p, size_t n)
{
	memcpy(o->b + o->n, p, n);
	o->n += n;
}

static void put_int(struct out *o, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++, v >>= 8)
		o->b[o->n++] = (uint8_t) v;
}

static void put_big(struct out *o, uint64_t v, size_t n)
{
	while (n-- > 0)
		o->b[o->n++] = (uint8_t) (v >> (n * 8));
}

static void put_noise(struct out *o, size_t n)
{
	for (; n >= 4; n -= 4)
		put_int(o, next_random(), 4);
	put_int(o, next_random(), n);
}

static void put_ie(struct out *o, uint8_t id, const void *p, size_t n)
{
	put_int(o, id, 1);
	put_int(o, n, 1);
	put(o, p, n);
}
#define PUT_IE(o, id, ...) put_ie((o), (id), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* Radiotap: TSFT, flags, rate, channel, antenna signal, antenna noise, antenna: 26 bytes. */
static void start(struct out *o, const struct ap *ap, uint8_t rate_500k)
{
	o->n = 0;
	put_int(o, 26U << 16, 4); /* version, pad, length */
	put_int(o, 0x086f, 4);
	put_int(o, now_us - START_US + 1000000, 8);
	put_int(o, 0, 1);
	put_int(o, rate_500k, 1);
	put_int(o, ap->freq_mhz, 2);
	put_int(o, ap->band5 ? 0x0140 : 0x00a0, 2);
	put_int(o, (uint8_t) - (int) (35 + below(50)), 1);
	put_int(o, (uint8_t) -95, 1);
	put_int(o, 0, 1);
	put_int(o, 0, 1); /* keeps the length even */
}

static void put_header(struct out *o, uint8_t fc, uint8_t flags, const uint8_t *a1, const uint8_t *a2,
		       const uint8_t *a3, uint16_t *seq)
{
	put_int(o, fc, 1);
	put_int(o, flags, 1);
	put_int(o, fc & 8 ? 44 : 314, 2);
	put(o, a1, 6);
	put(o, a2, 6);
	put(o, a3, 6);
	put_int(o, (uint64_t) (*seq & 0xfff) << 4, 2);
	(*seq)++;
}

static void finish(const struct out *o)
{
	struct out head = {.n = 0};

	put_int(&head, now_us / 1000000, 4);
	put_int(&head, now_us % 1000000, 4);
	put_int(&head, o->n, 4);
	put_int(&head, o->n, 4);
	(void) fwrite(head.b, 1, head.n, file);
	(void) fwrite(o->b, 1, o->n, file);
	written++;
	now_us += opt.step_us;
}

static void put_rates(struct out *o, bool band5)
{
	if (band5) {
		PUT_IE(o, 1, 0x8c, 0x12, 0x98, 0x24, 0xb0, 0x48, 0x60, 0x6c);
		return;
	}
	PUT_IE(o, 1, 0x82, 0x84, 0x8b, 0x96, 0x0c, 0x12, 0x18, 0x24);
	PUT_IE(o, 50, 0x30, 0x48, 0x60, 0x6c);
}

static void put_rsn(struct out *o)
{
	PUT_IE(o, 48, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 2, 0, 0);
}

static void put_capabilities(struct out *o, const struct ap *ap)
{
	uint8_t ht[26] = {0xef, 0x09, 0x1b, 0xff, 0xff}, operation[22] = {0};

	put_ie(o, 45, ht, sizeof(ht));
	operation[0] = ap->channel;
	put_ie(o, 61, operation, sizeof(operation));
	PUT_IE(o, 127, 0x04, 0, 0x08, 0, 0, 0, 0, 0x40);
	if (ap->band5) {
		PUT_IE(o, 191, 0xb2, 0x01, 0x80, 0x33, 0xea, 0xff, 0, 0, 0xea, 0xff, 0, 0);
		PUT_IE(o, 192, 0, 0, 0, 0, 0);
	}
	/* HE capabilities and operation (IEEE 802.11ax 9.4.2.248, .249), 20 and 40 MHz maps only */
	PUT_IE(o, 255, 35, 0x05, 0x01, 0x08, 0x1a, 0x40, 0x10, 0, 0x20, 0x0e, 0x09, 0, 0, 0, 0, 0, 0, 0, 0xfa, 0xff,
	       0xfa, 0xff);
	PUT_IE(o, 255, 36, 0, 0, 0, 1, 0xfc, 0xff);
	PUT_IE(o, 221, 0, 0x50, 0xf2, 2, 1, 1, 0, 0, 3, 0xa4, 0, 0, 0x27, 0xa4, 0, 0, 0x42, 0x43, 0x5e, 0, 0x62, 0x32,
	       0x2f, 0);
}

/* What beacons and probe responses share; only beacons carry a TIM. */
static void put_beacon_body(struct out *o, const struct ap *ap, bool tim)
{
	put_int(o, now_us - START_US + 77000000, 8);
	put_int(o, 100, 2);
	put_int(o, 0x0411, 2);
	put_ie(o, 0, ap->ssid, strlen(ap->ssid));
	put_rates(o, ap->band5);
	PUT_IE(o, 3, ap->channel);
	if (tim)
		PUT_IE(o, 5, (uint8_t) (written % 3), 3, 0, 0);
	if (ap->band5)
		PUT_IE(o, 7, 'D', 'E', ' ', 36, 4, 23);
	else
		PUT_IE(o, 7, 'D', 'E', ' ', 1, 13, 20);
	put_rsn(o);
	put_capabilities(o, ap);
}

static void write_beacon(void)
{
	static const uint8_t everyone[] = {255, 255, 255, 255, 255, 255};
	struct ap *ap = &aps[below(opt.aps)];
	struct out o;

	start(&o, ap, ap->band5 ? 12 : 2);
	put_header(&o, 0x80, 0, everyone, ap->mac, ap->mac, &ap->seq);
	put_beacon_body(&o, ap, true);
	finish(&o);
}

/* Each prober has its turn once, then they come at random. */
static void write_probe(void)
{
	static const uint8_t everyone[] = {255, 255, 255, 255, 255, 255};
	static unsigned met;
	unsigned number = met < opt.probers ? met++ : (unsigned) below(opt.probers);
	uint64_t who = (number + 1) * 0x9e3779b97f4a7c15ULL + opt.seed;
	struct ap *ap = &aps[below(opt.aps)];
	uint16_t seq = (uint16_t) next_random();
	uint8_t mac[6];
	struct out o;

	memcpy(mac, (const uint8_t *) &who + 2, 6);
	mac[0] = (uint8_t) ((mac[0] & 0xfc) | 2);
	start(&o, ap, ap->band5 ? 12 : 2);
	put_header(&o, 0x40, 0, everyone, mac, everyone, &seq);
	put_ie(&o, 0, ap->ssid, below(4) ? 0 : strlen(ap->ssid));
	put_rates(&o, ap->band5);
	PUT_IE(&o, 3, ap->channel);
	PUT_IE(&o, 127, 0x04, 0, 0x08, 0, 0, 0, 0, 0x40);
	finish(&o);
	if (below(3) == 0 && written < opt.frames) {
		start(&o, ap, ap->band5 ? 12 : 2);
		put_header(&o, 0x50, 0, mac, ap->mac, ap->mac, &ap->seq);
		put_beacon_body(&o, ap, false);
		finish(&o);
	}
}

/* IEEE 802.11-2020 12.7.2: the four key frames in a QoS data frame with LLC and 802.1X heads. */
static void put_eapol(struct out *o, unsigned message, uint64_t nonce)
{
	static const uint16_t info[] = {0x008a, 0x010a, 0x13ca, 0x030a};
	static const uint8_t llc[] = {0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e};
	size_t data = message == 1 ? 22 : message == 2 ? 56 : 0;

	put(o, llc, sizeof(llc));
	put_int(o, 2, 1);
	put_int(o, 3, 1);
	put_big(o, 95 + data, 2);
	put_int(o, 2, 1);
	put_big(o, info[message], 2);
	put_big(o, message % 2 ? 0 : 16, 2);
	put_big(o, 1 + message / 2, 8);
	for (int i = 0; i < 4; i++)
		put_int(o, message == 3 ? 0 : nonce * 0x2545f4914f6cdd1d + (uint64_t) i, 8);
	put_int(o, 0, 16 + 8 + 8); /* IV, RSC, reserved */
	if (message == 0)
		put_int(o, 0, 16);
	else
		put_noise(o, 16);
	put_big(o, data, 2);
	if (message == 1)
		put_rsn(o);
	else
		put_noise(o, data);
}

#define JOIN_STEPS 8

/* Authentication, association and the handshake, one frame a call. */
static void write_join(struct client *c)
{
	struct ap *ap = &aps[c->ap];
	unsigned step = c->step++, message = step - 4;
	bool from_ap = step < 4 ? step & 1 : !(message & 1);
	const uint8_t *to = from_ap ? c->mac : ap->mac, *from = from_ap ? ap->mac : c->mac;
	static const uint8_t fc[] = {0xb0, 0xb0, 0x00, 0x10, 0x88, 0x88, 0x88, 0x88};
	struct out o;

	start(&o, ap, 12);
	put_header(&o, fc[step],
		   step < 4  ? 0
		   : from_ap ? FROM_DS
			     : TO_DS,
		   to, from, ap->mac, from_ap ? &ap->seq : &c->seq);
	if (step < 2) {
		put_int(&o, 0, 2);
		put_int(&o, step + 1, 2);
		put_int(&o, 0, 2);
	} else if (step == 2) {
		put_int(&o, 0x0411, 2);
		put_int(&o, 10, 2);
		put_ie(&o, 0, ap->ssid, strlen(ap->ssid));
		put_rates(&o, ap->band5);
		put_rsn(&o);
	} else if (step == 3) {
		put_int(&o, 0x0411, 2);
		put_int(&o, 0, 2);
		put_int(&o, 0xc001 + below(100), 2);
		put_rates(&o, ap->band5);
	} else {
		put_int(&o, 6, 2); /* QoS control: voice */
		put_eapol(&o, message, (uint64_t) from[3] << 24 | (uint64_t) from[4] << 16 | from[5] << 8 | from[0]);
	}
	finish(&o);
}

/* QoS data under CCMP: header, packet number, noise. */
static void write_data(void)
{
	static const uint16_t sizes[] = {64, 90, 120, 300, 600, 1200, 1460};
	struct client *c = &clients[below(opt.clients)];
	struct ap *ap = &aps[c->ap];
	bool down = below(3) > 0;
	struct out o;

	if (c->step < JOIN_STEPS) {
		write_join(c);
		return;
	}
	start(&o, ap, 108);
	put_header(&o, 0x88, PROTECTED | (down ? FROM_DS : TO_DS), down ? c->mac : ap->mac, down ? ap->mac : c->mac,
		   ap->mac, down ? &ap->seq : &c->seq);
	put_int(&o, 0, 2);
	c->pn++;
	put_int(&o, c->pn & 0xffff, 2);
	put_int(&o, 0x2000, 2);
	put_int(&o, c->pn >> 16, 4);
	put_noise(&o, sizes[below(7)]);
	finish(&o);
}

static void write_ack(void)
{
	struct client *c = &clients[below(opt.clients)];
	struct out o;

	start(&o, &aps[c->ap], 48);
	put_int(&o, 0xd4, 2);
	put_int(&o, 0, 2);
	put(&o, below(2) ? c->mac : aps[c->ap].mac, 6);
	finish(&o);
}

static void make_site(void)
{
	static const uint8_t channels[] = {1, 6, 11, 36, 44, 149};

	for (unsigned i = 0; i < opt.aps; i++) {
		struct ap *ap = &aps[i];

		ap->channel = channels[i % 6];
		ap->band5 = ap->channel > 14;
		ap->freq_mhz = (uint16_t) ((ap->band5 ? 5000 : 2407) + ap->channel * 5);
		memcpy(ap->mac,
		       (uint8_t[]){0x00, 0x1d, (uint8_t) (0xaa + opt.site), (uint8_t) (i >> 8), (uint8_t) i, 1}, 6);
		(void) snprintf(ap->ssid, sizeof(ap->ssid), "site-%03u", i / 2);
		ap->seq = (uint16_t) next_random();
	}
	for (unsigned i = 0; i < opt.clients; i++) {
		clients[i].ap = below(opt.aps);
		memcpy(clients[i].mac,
		       (uint8_t[]){0x3c, 0x22, (uint8_t) (0xfb + opt.site), (uint8_t) (i >> 16), (uint8_t) (i >> 8),
				   (uint8_t) i},
		       6);
	}
}

static bool set(const char *name, const char *value)
{
	uint64_t v = strtoull(value, NULL, 10);

	if (strcmp(name, "--frames") == 0)
		opt.frames = v;
	else if (strcmp(name, "--seed") == 0)
		opt.seed = v;
	else if (strcmp(name, "--step-us") == 0)
		opt.step_us = v;
	else if (strcmp(name, "--aps") == 0)
		opt.aps = (unsigned) v;
	else if (strcmp(name, "--clients") == 0)
		opt.clients = (unsigned) v;
	else if (strcmp(name, "--probers") == 0)
		opt.probers = (unsigned) v;
	else if (strcmp(name, "--beacons") == 0)
		opt.beacons = (unsigned) v;
	else if (strcmp(name, "--data") == 0)
		opt.data = (unsigned) v;
	else if (strcmp(name, "--site") == 0)
		opt.site = (unsigned) v;
	else if (strcmp(name, "--out") == 0)
		opt.out = value;
	else
		return false;
	return true;
}

static bool options_good(void)
{
	return opt.out && opt.aps > 0 && opt.aps <= APS_MAX && opt.clients > 0 && opt.clients <= CLIENTS_MAX &&
	       opt.probers > 0 && opt.beacons + opt.data <= 100;
}

int main(int argc, char **argv)
{
	/* version 2.4, no zone, no accuracy, 65535 bytes, link type 127 (radiotap) */
	static const uint32_t head[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 127};
	bool good = argc % 2 == 1;

	for (int i = 1; good && i < argc; i += 2)
		good = set(argv[i], argv[i + 1]);
	if (!good || !options_good()) {
		(void) fprintf(stderr,
			       "usage: gen_capture --out FILE [--frames N] [--aps N] [--clients N]"
			       " [--probers N] [--beacons PCT] [--data PCT] [--seed S] [--site N] [--step-us N]\n");
		return 2;
	}
	file = fopen(opt.out, "wb");
	if (!file) {
		perror(opt.out);
		return 1;
	}
	random_state = opt.seed * 2 + 1;
	make_site();
	(void) fwrite(head, 1, sizeof(head), file);
	while (written < opt.frames) {
		unsigned kind = below(100);

		if (kind < opt.beacons)
			write_beacon();
		else if (kind < opt.beacons + opt.data)
			write_data();
		else if (kind % 2 || opt.beacons + opt.data == 0)
			write_probe();
		else
			write_ack();
	}
	return fclose(file) == 0 ? 0 : 1;
}
