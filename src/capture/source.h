/* Datasources: what the server listens to. Each open file runs on a thread of its own, at most as
 * many at once as there are cores; the others wait as pending. A file is read as fast as the sink
 * takes its packets and never loses one. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "capture/options.h"
#include "field/field.h"
#include "field/history.h"
#include "wire/packet.h"

#define SOURCES_MAX 256
#define SOURCE_TEXT_SIZE 512
#define SOURCE_DEFINITION_SIZE 4200 /* octets of one that has been brought in order */
#define SOURCE_BATCH 256            /* packets between two reads of the clock */
#define SOURCE_RETRY_SEC 5          /* until a source that failed is tried again; doubled each time up to ... */
#define SOURCE_RETRY_MAX_SEC 60     /* ... so long */
#define SOURCE_HOP_RATE_MAX 1000    /* channels a second */
#define SOURCE_CHANNELS_SIZE 4096   /* octets of a channel list, its names joined by ',' */

enum source_state { SOURCE_PENDING, SOURCE_RUNNING, SOURCE_DONE, SOURCE_CLOSED, SOURCE_ERROR };

/* What a capture program reports in JSON instead of a packet; views that live until the call returns. */
struct source_report {
	uint16_t source;
	uint64_t time_us;
	struct span type, json; /* UTF-8 without NUL; json is well-formed */
	struct position position;
};

/* Where packets go, called on the source's thread. */
struct packet_sink {
	/* metagps: name of the GPS whose position its packets take, "": the best one's. */
	void (*open)(void *ctx, uint16_t source, bool live, const struct uuid *uuid, const char *metagps);
	void (*packet)(void *ctx, struct packet *packet, uint32_t server_sec);
	bool (*report)(void *ctx, struct source_report *report, uint32_t server_sec); /* whether a phy took it */
	void (*close)(void *ctx, uint16_t source);
	/* A source failed or ended before its end, and is tried again in so many seconds (0: not), or one that had
	 * failed is open again. No lock is held. */
	void (*failed)(void *ctx, const char *name, const char *reason, uint32_t retry_sec);
	void (*recovered)(void *ctx, const char *name);
	void *ctx;
};

/* A kind of source. */
struct source_driver {
	char type[32], description[128];
	uint8_t probe_capable, probe_ipc, list_capable, list_ipc, local_capable, local_ipc;
	uint8_t remote_capable, passive_capable, tuning_capable, hop_capable;
	uint8_t wifi; /* its frames are of 802.11 */
};
extern struct field_table driver_table;
/* Every kind; *ret_n of them, in a static array. */
const struct source_driver *capture_drivers(uint32_t *ret_n);

/* Where capture programs are. */
struct helper_paths {
	const char *const *folders; /* where programs are */
	uint32_t n;
	const char *sockets; /* folder of sockets NAME.socket; NULL or empty: none */
};
static inline struct helper_paths capture_helper_paths(const struct capture_conf *c)
{
	return (struct helper_paths){(const char *const *) c->helper_folders.items, (uint32_t) c->helper_folders.n,
				     c->helper_sockets};
}

extern struct field_table defaults_table;

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

/* Whether a value of dot11_datasource_opt= can be read. */
bool capture_wifi_option_ok(const char *text);

struct registry;
struct registry *capture_create(const struct capture_conf *defaults, struct packet_sink sink);
const struct capture_conf *capture_defaults(const struct registry *r);
/* Whether a definition could be opened now: 0, with what there is to say about it in ret_error, or negative with a
 * sentence there. */
int capture_check(const struct capture_conf *defaults, const char *definition, char ret_error[SOURCE_TEXT_SIZE]);
/* Adds a source by its definition and starts it when there is room; its number, or negative with a sentence in
 * ret_error. One of that definition that has ended is opened again. keep, as at the start: one that cannot be read or
 * opened is kept in error, and tried again when it lives and its definition or the defaults say so. Else the answer is
 * waited for, and what fails at once is an error that says whether it is tried again. Any thread. */
int capture_add(struct registry *r, const char *definition, bool keep, char ret_error[SOURCE_TEXT_SIZE]);
/* Copies the source in that slot, from 0; false behind the last. Any thread. */
bool capture_snapshot(struct registry *r, uint32_t slot, struct source_record *ret_record);
/* False when there is no such source. Any thread. */
bool capture_find(struct registry *r, const struct uuid *uuid, struct source_record *ret_record);
bool capture_uuid(struct registry *r, uint16_t number, struct uuid *ret_uuid);
/* Its name, interface and hardware, each cut to `size` octets; they stay as they are when there is no such source. Any
 * thread. */
void capture_names(struct registry *r, const struct uuid *uuid, char *ret_name, char *ret_interface, char *ret_hardware,
		   size_t size);
/* A paused source stays open and its packets are left out. ERR_NOT_FOUND. */
int capture_pause(struct registry *r, const struct uuid *uuid, bool paused);
/* Ends a source, which stays in the list and is not tried again; returns when its thread has ended.
 * ERR_NOT_FOUND. */
int capture_close(struct registry *r, const struct uuid *uuid);
/* Opens a source again that does not run, by its definition. ERR_NOT_FOUND, ERR_EXISTS while it
 * runs, else why it cannot be opened, with a sentence. */
int capture_open(struct registry *r, const struct uuid *uuid, char ret_error[SOURCE_TEXT_SIZE]);
/* How a source changes channels. */
struct source_tuning {
	const char *channel;  /* stay on this one; NULL: change channels, as the rest says */
	const char *channels; /* joined by ','; NULL: as before */
	double rate;          /* channels a second; 0: as before */
	int shuffle;          /* 0, 1; -1: as before */
};
/* Asks a source to tune, and waits for its answer. ERR_NOT_FOUND, or negative with a sentence. Any
 * thread that may wait. */
int capture_tune(struct registry *r, const struct uuid *uuid, const struct source_tuning *tuning,
		 char ret_error[SOURCE_TEXT_SIZE]);
/* "5/sec", "300/min" or "0.2/dwell" (seconds a channel) as channels a second. */
double capture_hop_rate(const char *text);
struct link;
/* Waits for the sensor at the other end to announce itself, and makes a source of it or gives it back to the one that
 * it was; the link is the room's from now on. keyed: it must send the key of the defaults, if there is one. On the
 * link's loop. */
void capture_accept(struct registry *r, struct link *link, const char *address, bool keyed);
/* Takes remote sensors on the address and port of the defaults. 0, or negative with a sentence. */
int capture_listen(struct registry *r, char ret_error[SOURCE_TEXT_SIZE]);
/* The port that sensors connect to; 0: none. */
uint16_t capture_port(const struct registry *r);
/* Tries failed sources again; about once a second, one thread. */
void capture_tick(struct registry *r);
/* Before a stop: takes no more sensors, and asks those that are there to go. What they have sent is read until they
 * close, two seconds at most; the rest they keep for the next server. */
void capture_dismiss(struct registry *r);
/* Closes every source and joins its thread; no packet reaches the sink afterwards. */
void capture_stop(struct registry *r);
void capture_destroy(struct registry *r);
