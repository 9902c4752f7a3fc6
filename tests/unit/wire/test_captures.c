/* Every frame of every capture and seed at hand, whole and cut at every length, and each of its elements cut
 * at every length with the others whole, each on the heap in a block of its exact size, so that the address
 * sanitizer sees a read beyond it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/frame.h"
#include "wire/packet.h"

#define FRAMES_MAX 300 /* of one capture; each costs as many runs as it has octets */

static void dissect(const uint8_t *p, size_t n, uint16_t linktype)
{
	struct packet packet = {.linktype = linktype, .length = (uint32_t) n};
	uint8_t *exact = malloc(n ? n : 1);
	struct frame frame;

	memcpy(exact, p, n);
	packet.data = span_of(exact, n);
	if (packet_peel(&packet) >= 0 && packet.link == LINKTYPE_IEEE802_11)
		(void) frame_dissect(packet.mpdu, &frame);
	free(exact);
}

/* The frame with the element that begins at `at` cut to n octets. */
static void cut_element(const uint8_t *p, size_t size, size_t at, size_t n)
{
	size_t old = p[at + 1], less = old - n;
	uint8_t *cut = malloc(size - less);
	struct frame frame;

	memcpy(cut, p, at + 2 + n);
	memcpy(cut + at + 2 + n, p + at + 2 + old, size - at - 2 - old);
	cut[at + 1] = (uint8_t) n;
	assert_int_equal(frame_dissect(span_of(cut, size - less), &frame), 0);
	free(cut);
}

static void cut_elements(const uint8_t *p, size_t size)
{
	struct span list, body;
	struct frame frame;
	uint8_t id;

	if (frame_dissect(span_of(p, size), &frame) < 0)
		return;
	list = frame.elements.list;
	while (subelement_next(&list, &id, &body))
		for (size_t n = 0; n < body.left; n++)
			cut_element(p, size, (size_t) (body.p - p) - 2, n);
}

static void read_seed(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t octets[4096];
	size_t n = f ? fread(octets, 1, sizeof(octets), f) : 0;

	if (f)
		(void) fclose(f);
	for (size_t i = 0; i <= n; i++)
		dissect(octets, i, LINKTYPE_IEEE802_11);
	cut_elements(octets, n);
}

static void read_capture(const char *path)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *cap = pcap_open_offline(path, error);
	struct pcap_pkthdr *head;
	const u_char *data;

	if (!cap)
		return;
	for (int i = 0; i < FRAMES_MAX && pcap_next_ex(cap, &head, &data) == 1; i++)
		for (size_t n = 0; n <= head->caplen; n++)
			dissect(data, n, (uint16_t) pcap_datalink(cap));
	pcap_close(cap);
}

static size_t read_folder(const char *folder, void (*read)(const char *path))
{
	const char *root = getenv("SOURCE_ROOT");
	struct dirent *e;
	char path[4096];
	size_t n = 0;
	DIR *dir;

	(void) snprintf(path, sizeof(path), "%s/%s", root ? root : ".", folder);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		(void) snprintf(path, sizeof(path), "%s/%s/%.255s", root ? root : ".", folder, e->d_name);
		read(path);
		n++;
	}
	if (dir)
		(void) closedir(dir);
	return n;
}

static void frames_cut_at_every_length(void **state)
{
	(void) state;
	assert_true(read_folder("tests/captures", read_capture) > 0);
	assert_true(read_folder("fuzz/seeds/fuzz_frame", read_seed) > 0);
	(void) read_folder("../shared/captures", read_capture); /* where it exists */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(frames_cut_at_every_length)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
