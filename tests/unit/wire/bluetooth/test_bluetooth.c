/* Bluetooth: frames of the air and events of a controller, whole, wrong, and cut at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/bluetooth/ad.h"
#include "wire/bluetooth/btle.h"
#include "wire/bluetooth/hci.h"
#include "wire/packet.h"

/* ADV_IND of 78:C5:E5:6E:DD:E8 as an Ubertooth received it: flags 0x05, a right CRC. */
static const uint8_t adv_ind[] = {0xd6, 0xbe, 0x89, 0x8e, 0x00, 0x09, 0xe8, 0xdd, 0x6e,
				  0xe5, 0xc5, 0x78, 0x02, 0x01, 0x05, 0xc6, 0x3c, 0x96};

static void peel(const void *p, size_t n, uint16_t linktype, struct packet *ret)
{
	*ret = (struct packet){.data = span_of(p, n), .length = (uint32_t) n, .linktype = linktype};
	assert_int_equal(packet_peel(ret), 0);
}

static void an_advertisement_says_who_sends_it(void **state)
{
	struct mac sender = {{0x78, 0xc5, 0xe5, 0x6e, 0xdd, 0xe8}};
	struct btle_frame f;
	struct span body;

	(void) state;
	assert_int_equal(btle_dissect(span_of(adv_ind, sizeof(adv_ind)), false, &f), 0);
	assert_true(f.advertising && f.has_sender && !f.has_target);
	assert_int_equal(f.pdu, BTLE_ADV_IND);
	assert_true(mac_equal(&f.sender, &sender));
	assert_int_equal(f.sender_kind, BTLE_PUBLIC);
	assert_true(ad_find(f.data, AD_FLAGS, &body));
	assert_int_equal(span_u8(&body), AD_LIMITED | AD_NO_BR_EDR);
}

static void a_wrong_crc_is_reported(void **state)
{
	uint8_t wrong[sizeof(adv_ind)];
	struct packet p;

	(void) state;
	peel(adv_ind, sizeof(adv_ind), LINKTYPE_BLUETOOTH_LE_LL, &p);
	assert_true(p.fcs_good && !p.fcs_bad);
	for (size_t at = 4; at < sizeof(adv_ind); at++) {
		memcpy(wrong, adv_ind, sizeof(wrong));
		wrong[at] ^= 0x10;
		peel(wrong, at == 5 ? 8 : sizeof(wrong), LINKTYPE_BLUETOOTH_LE_LL, &p);
		assert_false(p.fcs_good);
		assert_true(p.fcs_bad || at == 5);
	}
	memset(wrong + 15, 0, 3); /* a source that does not keep it */
	peel(wrong, sizeof(wrong), LINKTYPE_BLUETOOTH_LE_LL, &p);
	assert_false(p.fcs_good || p.fcs_bad);
}

static void the_radio_header_has_channel_and_signal(void **state)
{
	uint8_t frame[10 + sizeof(adv_ind)] = {12, 0xc0, 0xa0, 0, 0, 0, 0, 0, 0x06, 0x00};
	struct packet p;

	(void) state;
	memcpy(frame + 10, adv_ind, sizeof(adv_ind));
	peel(frame, sizeof(frame), LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, &p);
	assert_int_equal(p.link, LINKTYPE_BLUETOOTH_LE_LL);
	assert_int_equal(p.radio.freq_khz, 2426000);
	assert_int_equal(p.radio.signal_dbm, -64);
	assert_int_equal(p.radio.noise_dbm, -96);
	assert_true(p.fcs_good);
	frame[9] = 0x04; /* the radio checked the CRC, and it was wrong */
	peel(frame, sizeof(frame), LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, &p);
	assert_true(p.fcs_bad);
}

/* In coded PHY an octet behind the access address is the coding; the CRC does not cover it. Bits 14 and 15 of
 * the flags are the PHY: 2 is coded, 3 is not. */
static void the_coding_indicator_is_stepped_over(void **state)
{
	uint8_t frame[10 + sizeof(adv_ind) + 1] = {12, 0xc0, 0, 0, 0, 0, 0, 0, 0x02, 0x80};
	struct btle_frame f;
	struct packet p;

	(void) state;
	memcpy(frame + 10, adv_ind, 4);
	memcpy(frame + 15, adv_ind + 4, sizeof(adv_ind) - 4);
	for (uint8_t indicator = 0; indicator < 2; indicator++) {
		frame[14] = indicator;
		peel(frame, sizeof(frame), LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, &p);
		assert_true(p.radio.coded && p.fcs_good);
		assert_int_equal(btle_dissect(p.mpdu, p.radio.coded, &f), 0);
		assert_true(f.has_sender && f.sender.b[0] == 0x78);
	}
	frame[9] = 0xc0;
	peel(frame, sizeof(frame), LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, &p);
	assert_false(p.radio.coded);
}

static void addresses_show_what_they_are(void **state)
{
	static const struct {
		uint8_t first;
		enum btle_address kind;
	} rows[] = {{0xc0, BTLE_RANDOM_STATIC},
		    {0x40, BTLE_RESOLVABLE},
		    {0x3f, BTLE_NON_RESOLVABLE},
		    {0x80, BTLE_RESERVED}};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(btle_address_kind(&(struct mac){{rows[i].first}}, true), rows[i].kind);
		assert_int_equal(btle_address_kind(&(struct mac){{rows[i].first}}, false), BTLE_PUBLIC);
	}
	assert_int_equal(btle_channel_khz(39), 2480000);
	assert_int_equal(btle_channel_khz(40), 0);
}

static void uuids_stand_for_whole_ones(void **state)
{
	char text[AD_UUID_TEXT_SIZE];

	(void) state;
	ad_uuid_text(span_of("\x0d\x18", 2), text);
	assert_string_equal(text, "0000180d-0000-1000-8000-00805f9b34fb");
	ad_uuid_text(span_of("\1\2\3\4", 4), text);
	assert_string_equal(text, "04030201-0000-1000-8000-00805f9b34fb");
	ad_uuid_text(span_of("\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", 16), text);
	assert_string_equal(text, "0f0e0d0c-0b0a-0908-0706-050403020100");
}

static void elements_end_with_what_is_there(void **state)
{
	struct span s = span_of("\2\1\6\0\5\x9name", 10), body;
	uint8_t type;

	(void) state;
	assert_true(ad_next(&s, &type, &body));
	assert_false(ad_next(&s, &type, &body)); /* zeros end them */
	assert_false(s.bad);
	s = span_of("\5\x9nam", 5);
	assert_false(ad_next(&s, &type, &body));
	assert_true(s.bad);
	assert_int_equal(ad_name(span_of("\3\x8na\5\x9name", 10)).left, 4);
}

/* An LE advertising report of two devices, an inquiry result, and a name. */
static const uint8_t reports[] = {4, 0x3e, 28, 2, 2, 0, 1, 6, 5, 4, 3, 2, 0xc1, 3, 2,   1,
				  6, 0xc4, 0,  0, 7, 5, 4, 3, 2, 1, 3, 2, 1,    6, 0x7f};
static const uint8_t inquiry[] = {4, 0x22, 15, 1, 1, 2, 3, 4, 5, 6, 0, 0, 4, 4, 0x24, 0, 0, 0xc8};
static const uint8_t named[] = {4, 7, 12, 0, 1, 2, 3, 4, 5, 6, 't', 'o', 'y', 0, 0};

static void a_controller_reports_devices(void **state)
{
	struct hci_frame f;

	(void) state;
	assert_int_equal(hci_dissect(span_of(reports, sizeof(reports)), &f), 0);
	assert_int_equal(f.n, 2);
	assert_true(f.reports[0].low_energy && f.reports[0].random && f.reports[0].has_rssi);
	assert_int_equal(f.reports[0].rssi, -60);
	assert_true(mac_equal(&f.reports[0].mac, &(struct mac){{0xc1, 2, 3, 4, 5, 6}}));
	assert_false(f.reports[1].random || f.reports[1].has_rssi);
	assert_int_equal(hci_dissect(span_of(inquiry, sizeof(inquiry)), &f), 0);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.reports[0].device_class, 0x240404);
	assert_int_equal(f.reports[0].rssi, -56);
	assert_int_equal(hci_dissect(span_of(named, sizeof(named)), &f), 0);
	assert_int_equal(f.reports[0].name.left, 3);
	assert_int_equal(hci_dissect(span_of("\1\3\x0c\0", 4), &f), 0); /* a command */
	assert_int_equal(f.n, 0);
}

static void cut(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t *exact = malloc(i ? i : 1);
		struct btle_frame b;
		struct hci_frame h;
		struct packet packet = {.linktype = LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR};

		memcpy(exact, p, i);
		packet.data = span_of(exact, i);
		(void) packet_peel(&packet);
		(void) btle_dissect(span_of(exact, i), i & 1, &b);
		(void) hci_dissect(span_of(exact, i), &h);
		assert_true(h.n <= HCI_REPORTS_MAX);
		free(exact);
	}
}

static void every_cut_is_survived(void **state)
{
	(void) state;
	cut(adv_ind, sizeof(adv_ind));
	cut(reports, sizeof(reports));
	cut(inquiry, sizeof(inquiry));
	cut(named, sizeof(named));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_advertisement_says_who_sends_it),
		cmocka_unit_test(a_wrong_crc_is_reported),
		cmocka_unit_test(the_radio_header_has_channel_and_signal),
		cmocka_unit_test(the_coding_indicator_is_stepped_over),
		cmocka_unit_test(addresses_show_what_they_are),
		cmocka_unit_test(uuids_stand_for_whole_ones),
		cmocka_unit_test(elements_end_with_what_is_there),
		cmocka_unit_test(a_controller_reports_devices),
		cmocka_unit_test(every_cut_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
