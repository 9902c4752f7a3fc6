#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <pcap/pcap.h>

#include "base/err.h"
#include "capture/pcapfile.h"

static int read_span(void *ctx, void *p, unsigned n)
{
	struct span *s = ctx;
	size_t k = s->left < n ? s->left : n;

	if (k)
		memcpy(p, span_take(s, k), k);
	return (int) k;
}

static const uint32_t two_interfaces[] = {
	0x0a0d0d0a, 28,         0x1a2b3c4d, 1,          0xffffffff, 0xffffffff, 28, 1,    20, 127, 0,          20, 1,
	32,         105,        0,          0x00010009, 9,          0,          32, 6,    36, 0,   0,          7,  4,
	4,          0x04030201, 36,         6,          36,         1,          0,  9000, 2,  9,   0x04030201, 36,
};

static struct pcapfile *open_bytes(struct span *s)
{
	struct pcapfile *f = NULL;
	char error[PCAPFILE_ERROR_SIZE];

	assert_int_equal(pcapfile_open_input(&(struct pcapfile_input){read_span, s}, &f, error), 0);
	return f;
}

static void test_two_interfaces(void **state)
{
	struct span s = span_of(two_interfaces, sizeof(two_interfaces));
	struct pcapfile *f = open_bytes(&s);
	struct packet p = {0};

	(void) state;
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(p.linktype, 127);
	assert_int_equal(p.time_us, 7);
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(p.linktype, 105);
	assert_int_equal(p.time_us, 9);
	assert_int_equal(p.data.left, 2);
	assert_int_equal(p.length, 9);
	assert_int_equal(pcapfile_next(f, &p), 0);
	pcapfile_close(f);
}

static void test_cut_keeps_what_came_before(void **state)
{
	struct span s = span_of(two_interfaces, sizeof(two_interfaces) - 5);
	struct pcapfile *f = open_bytes(&s);
	struct packet p = {0};

	(void) state;
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(pcapfile_next(f, &p), ERR_TRUNCATED);
	assert_string_not_equal(pcapfile_error(f), "");
	pcapfile_close(f);
}

/* A secrets block of a megabyte and more, as Wireshark may write, before the packets. */
static void test_what_is_not_read_may_be_long(void **state)
{
	const size_t head = 28, len = PCAPFILE_BLOCK_MAX + 64;
	uint32_t *octets = calloc(1, sizeof(two_interfaces) + len);
	uint32_t *other = octets + head / 4;
	struct span s = span_of(octets, sizeof(two_interfaces) + len);
	struct pcapfile *f;
	struct packet p = {0};

	(void) state;
	memcpy(octets, two_interfaces, head);
	other[0] = 10;
	other[1] = other[len / 4 - 1] = (uint32_t) len;
	memcpy(other + len / 4, two_interfaces + head / 4, sizeof(two_interfaces) - head);
	f = open_bytes(&s);
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(pcapfile_next(f, &p), 0);
	pcapfile_close(f);
	free(octets);
}

static void test_two_lengths_of_a_block_agree(void **state)
{
	uint32_t octets[sizeof(two_interfaces) / 4];
	struct span s = span_of(octets, sizeof(octets));
	struct pcapfile *f;
	struct packet p = {0};

	(void) state;
	memcpy(octets, two_interfaces, sizeof(octets));
	octets[sizeof(octets) / 4 - 1] = 32;
	f = open_bytes(&s);
	assert_int_equal(pcapfile_next(f, &p), 1);
	assert_int_equal(pcapfile_next(f, &p), ERR_MALFORMED);
	pcapfile_close(f);
}

static void test_garbage_says_why(void **state)
{
	struct span s = span_of("this is no capture, truly it is not", 35);
	struct pcapfile *f = NULL;
	char error[PCAPFILE_ERROR_SIZE];

	(void) state;
	assert_int_equal(pcapfile_open_input(&(struct pcapfile_input){read_span, &s}, &f, error), ERR_UNSUPPORTED);
	assert_non_null(strstr(error, "neither pcap nor pcapng"));
	assert_true(pcapfile_open("/nonexistent/file", &f, error) < 0);
}

static void same_as_libpcap(const char *path)
{
	char pcap_error[PCAP_ERRBUF_SIZE], error[PCAPFILE_ERROR_SIZE];
	pcap_t *pcap = pcap_open_offline(path, pcap_error);
	struct pcap_pkthdr *h;
	const u_char *data;
	struct packet p = {0};
	struct pcapfile *f = NULL;

	if (!pcap)
		return;
	if (pcapfile_open(path, &f, error) != 0)
		fail_msg("%s: %s", path, error);
	while (pcap_next_ex(pcap, &h, &data) == 1) {
		assert_int_equal(pcapfile_next(f, &p), 1);
		if (p.data.left != h->caplen)
			fail_msg("%s: %zu, libpcap %u of %u", path, p.data.left, h->caplen, h->len);
		assert_int_equal(p.length, h->len);
		assert_memory_equal(p.data.p, data, h->caplen);
		assert_int_equal(p.time_us, (uint64_t) h->ts.tv_sec * 1000000 + (uint64_t) h->ts.tv_usec);
	}
	assert_true(pcapfile_next(f, &p) <= 0);
	pcapfile_close(f);
	pcap_close(pcap);
}

static void test_captures(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	char dir[PATH_MAX], path[2 * PATH_MAX];
	struct dirent *e;
	DIR *d;

	(void) state;
	(void) snprintf(dir, sizeof(dir), "%s/../shared/captures", root ? root : ".");
	d = opendir(dir);
	if (!d)
		skip();
	while ((e = readdir(d))) {
		(void) snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			same_as_libpcap(path);
	}
	(void) closedir(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_interfaces),
		cmocka_unit_test(test_what_is_not_read_may_be_long),
		cmocka_unit_test(test_two_lengths_of_a_block_agree),
		cmocka_unit_test(test_cut_keeps_what_came_before),
		cmocka_unit_test(test_garbage_says_why),
		cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
