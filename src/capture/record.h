/* What datasources, interfaces and defaults show. */
#pragma once
#include "capture/drivers.h"
#include "capture/source.h"
#include "field/history.h"

struct channel_text {
	char text[24];
};

#define SOURCE_HISTORY_BYTES 600 /* what a whole history keeps */
struct source_history {
	struct history h;
	_Alignas(8) uint8_t kept[SOURCE_HISTORY_BYTES];
};

/* What a source shows: a copy that readers own. */
struct source_record {
	uint64_t number;
	uint32_t key;
	char name[SOURCE_TEXT_SIZE], interface[SOURCE_TEXT_SIZE], definition[SOURCE_DEFINITION_SIZE];
	char error_reason[SOURCE_TEXT_SIZE], warning[SOURCE_TEXT_SIZE];
	char capture_interface[SOURCE_TEXT_SIZE], hardware[128], channel[24], version[64], ipc_binary[64],
		remote_ip[48];
	struct uuid uuid;
	struct source_driver driver;
	uint8_t state; /* enum source_state */
	bool running, paused, error, live, remote, retry, hopping, hop_split, hop_shuffle;
	uint32_t dlt, hop_offset, hop_skip, retry_attempts, total_retry_attempts;
	int64_t pid;
	double hop_rate;
	char channels[SOURCE_CHANNELS_SIZE], hop_channels[SOURCE_CHANNELS_SIZE];
	char antenna_type[64], amp_type[64], metagps[64];
	double antenna_gain, antenna_orientation, antenna_beamwidth, amp_gain;
	uint64_t packets, error_packets, bytes_read,
		bytes_total; /* packets: with reports, without what came in a pause */
	uint64_t reports;    /* JSON instead of packets */
	/* What a helper of ours reports: frames that its radio handed over, and that were lost on the
	 * way. */
	uint64_t captured, kernel_dropped, helper_dropped, lost;
	double frames_per_second;
	/* A copy's histories, whose memory lies behind them. */
	struct source_history packets_history, octets_history;
};
extern struct field_table source_table;

/* An interface that a driver could open. */
struct source_interface {
	char interface[64], capture_interface[64], hardware[128], version[64];
	struct uuid in_use;
	struct source_driver driver;
};
extern struct field_table interface_table;

/* Of struct capture_conf. */
extern struct field_table defaults_table;
