/* Wi-Fi channels as definitions and commands write them: 6, 2437, 6HT20, 6HT40+, 6W5, 6W10,
 * 36VHT80, 36VHT160, 36VHT80-42, 5W6e. Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wifi_width { WIFI_BASIC, WIFI_HT20, WIFI_HT40_PLUS, WIFI_HT40_MINUS, WIFI_80, WIFI_160, WIFI_5, WIFI_10 };

struct wifi_channel {
	uint32_t mhz;        /* of the primary channel */
	uint32_t center_mhz; /* of the whole width */
	enum wifi_width width;
};

#define WIFI_CHANNEL_SIZE 24

/* 0, or negative when it is no channel. */
int wifi_channel_parse(const char *text, struct wifi_channel *ret);
/* The channel of that frequency and width, as text; false when it has none. */
bool wifi_channel_format(uint32_t mhz, enum wifi_width width, char ret_text[WIFI_CHANNEL_SIZE]);
/* The centre of a width that begins at a 5 GHz channel; 0 when that channel has none (IEEE
 * 802.11-2020 annex E). */
uint32_t wifi_channel_center(uint32_t mhz, enum wifi_width width);
