/* Messages of a local network: each kind, what is none of it, and each cut at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dot11/lan.h"

#define IP(protocol) 0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 168, 0, 2, 192, 168, 0, 3
#define IP6(protocol)                                                                                                  \
	0x60, 0, 0, 0, 0, 0, protocol, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
		0, 0, 0, 0, 0, 0, 0
#define UDP(from, to) (from) >> 8, (from) &255, (to) >> 8, (to) &255, 0, 0, 0, 0
#define BOOTP(operation)                                                                                               \
	operation, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 9
#define CODED 'F', 'H', 'F', 'A', 'E', 'B', 'E', 'E', 'C', 'A'

#define OCTETS(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
struct sample {
	const uint8_t *octets;
	size_t n;
	uint16_t ethertype;
	uint8_t kind;
};
static const struct sample samples[] = {
	{OCTETS(0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 192, 168, 0, 1), 0x0806, LAN_ARP},
	{OCTETS(IP(17), UDP(67, 68), BOOTP(2)), 0x0800, LAN_DHCP_SERVER},
	{OCTETS(IP(17), UDP(68, 67), BOOTP(1)), 0x0800, LAN_DHCP_CLIENT},
	{OCTETS(IP6(17), UDP(547, 546), 2), 0x86dd, LAN_DHCP_SERVER},
	{OCTETS(IP6(17), UDP(547, 546), 7), 0x86dd, LAN_DHCP_SERVER},
	{OCTETS(IP(1), 5), 0x0800, LAN_REDIRECT},
	{OCTETS(IP6(58), 137, 0, 0, 0, 0, 0, 0, 0), 0x86dd, LAN_REDIRECT},
	{OCTETS(IP6(58), 134, 0, 0, 0, 64, 0, 7, 8), 0x86dd, LAN_ROUTER},
	{OCTETS(IP(17), UDP(5355, 9999), 0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 'p', 'c', 0), 0x0800, LAN_NAME},
	{OCTETS(IP6(17), UDP(5355, 9999), 0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 'p', 'c', 0), 0x86dd, LAN_NAME},
	{OCTETS(IP(17), UDP(137, 137), 0, 1, 0x85, 0, 0, 0, 0, 1, 0, 0, 0, 0, 32, CODED, CODED, CODED), 0x0800,
	 LAN_NAME},
};
static const struct sample others[] = {
	{OCTETS(0, 6, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 192, 168, 0, 1), 0x0806, 0}, /* other hardware */
	{OCTETS(0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0), 0x0806, 0},     /* asks whether one is free */
	{OCTETS(IP(17), UDP(67, 68), BOOTP(3)), 0x0800, 0},
	{OCTETS(IP6(17), UDP(547, 546), 1), 0x86dd, 0},
	{OCTETS(IP(1), 8), 0x0800, 0},
	{OCTETS(IP6(58), 134, 0, 0, 0, 64, 0, 0, 0), 0x86dd, 0}, /* of Thread: no default route */
	{OCTETS(IP6(58), 135, 0, 0, 0, 64, 0, 7, 8), 0x86dd, 0},
	{OCTETS(IP(17), UDP(5355, 9999), 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 'p', 'c', 0), 0x0800, 0}, /* asks */
	{OCTETS(IP(17), UDP(5355, 9999), 0, 1, 0x80, 3, 0, 1, 0, 1, 0, 0, 0, 0, 2, 'p', 'c', 0), 0x0800,
	 0}, /* no such */
	{OCTETS(IP(17), UDP(137, 137), 0, 1, 0xad, 0, 0, 0, 0, 1, 0, 0, 0, 0, 32, CODED, CODED, CODED), 0x0800, 0},
	{OCTETS(IP(6), 0, 67, 0, 68), 0x0800, 0},
	{OCTETS(IP(17), UDP(67, 68), BOOTP(2)), 0x86dd, 0},
};

static void each_kind_is_read(void **state)
{
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		assert_int_equal(lan_read(samples[i].ethertype, span_of(samples[i].octets, samples[i].n)).kind,
				 samples[i].kind);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(lan_read(others[i].ethertype, span_of(others[i].octets, others[i].n)).kind, LAN_NONE);
}

static void what_they_say(void **state)
{
	struct lan_message m = lan_read(0x0806, span_of(samples[0].octets, samples[0].n));

	(void) state;
	assert_true(m.reply);
	assert_int_equal(m.address, 0xc0a80001);
	assert_int_equal(m.hardware.b[5], 9);
	assert_int_equal(lan_read(0x0800, span_of(samples[1].octets, samples[1].n)).hardware.b[5], 9);
	m = lan_read(0x0800, span_of(samples[8].octets, samples[8].n));
	assert_int_equal(m.name.left, 4);
	assert_memory_equal(m.name.p, "\2pc", 4);
	assert_int_equal(lan_read(0x0800, span_of(samples[10].octets, samples[10].n)).name.left, 30);
}

static void cut_they_are_none(void **state)
{
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		for (size_t n = 0; n < samples[i].n; n++) {
			uint8_t *exact = malloc(n ? n : 1);

			memcpy(exact, samples[i].octets, n);
			assert_int_equal(lan_read(samples[i].ethertype, span_of(exact, n)).kind, LAN_NONE);
			free(exact);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_read),
		cmocka_unit_test(what_they_say),
		cmocka_unit_test(cut_they_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
