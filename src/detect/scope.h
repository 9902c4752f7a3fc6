/* What rules remember, in bounded records of a scope each. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "detect/habit.h"
#include "detect/station.h"
#include "field/field.h"
#include "track/observe.h"

/* Frames of one kind in a row, by packet time. */
struct rate_window {
	uint64_t first_us;
	uint32_t last_ms; /* since first_us */
	uint16_t frames;  /* UINT16_MAX: so many or more */
	uint16_t source;  /* the source whose repeats of frames count; other sources see the same ones */
};
/* Counts one more; begins anew when the first is longer ago than window_us, or comes so much later: time went
 * back. How many there are now. */
uint32_t rate_window_count(struct rate_window *b, uint64_t time_us, uint64_t window_us);
/* The same, anew when the last is longer ago than gap_us. */
uint32_t rate_window_continue(struct rate_window *b, uint64_t time_us, uint64_t gap_us);

/* A network of a device as rules last saw it; by the hash of its record. */
#define KNOWN_NETWORKS 2
struct known_network {
	uint32_t hash, country_sum;
	uint8_t beacon_channel, answer_channel;
	uint8_t generation;   /* of Wi-Fi, 4 to 7; 0: older */
	uint8_t next_channel; /* that it announced to move to */
};

/* Stations of a network, the oldest replaced. */
#define RECENT_MACS_MAX 8
struct recent_macs {
	uint8_t n, next;
	struct mac macs[RECENT_MACS_MAX];
};
bool recent_macs_have(const struct recent_macs *f, const struct mac *m);
void recent_macs_add(struct recent_macs *f, const struct mac *m);
void recent_macs_remove(struct recent_macs *f, const struct mac *m);

#define LAN_CLAIMS 16
#define LAN_NAMES_MAX 8 /* more are unusual for any station */
#define LAN_SENDERS 4
/* An IPv4 address of a network: who claimed it first, and who does beside. Times are packet times. */
struct lan_claim {
	uint32_t address;
	struct mac owner, rival;
	uint16_t claims;                       /* of the rival */
	uint64_t owner_us, rival_us, since_us; /* the latest of each; the rival's first */
};
/* A station that does what one of them may do by chance. */
struct lan_sender {
	struct mac mac;
	struct rate_window window;
};
/* A station that answers for names, the latest of them. */
struct lan_names {
	struct mac mac;
	uint64_t first_us;
	uint32_t n, hash[LAN_NAMES_MAX];
};
/* What stations of a network in clear say to each other (rules/lan.c). Of a BSSID; the longest silent is replaced. */
struct lan_state {
	struct lan_claim claims[LAN_CLAIMS];
	struct lan_sender server, router, redirects;
	struct lan_sender starving;
	struct recent_macs invented; /* hardware addresses for which `starving` asked */
	struct recent_macs clients;  /* that asked by DHCP for themselves, and how many of late */
	struct rate_window asking;
	struct lan_names names[LAN_SENDERS];
};

/* Of a device for which something unusual was counted. */
struct rule_counters {
	struct rate_window eapol_starts, slow_eapol_starts, slow_commits, channel_flips, slow_disconnects;
	struct { /* a broadcast that disconnected all, until it is known whether the network went */
		uint64_t since_us;
		uint32_t frames;
		uint16_t reason;
	} broadcast;
	struct rate_window disconnects, clock_jumps, m3s, commits, bare_disconnects, tool_disconnects, harvest;
	uint64_t disconnected_us;                  /* the latest disconnection */
	struct recent_macs disconnected, protects; /* disconnected lately; with management frame protection */
	struct rate_window sae_rejections, sae_tokens, weak_groups, forged_results;
	uint32_t links_now, links_before; /* what it says of its links (rules/multi_link.c); 0: nothing */
	struct rate_window links_turns;
	bool wps_pending;             /* an M3 was counted, and its answer is still to come */
	uint8_t sae_group_bits;       /* groups that the network took: 19, 20 and 21 */
	struct recent_macs eap_users; /* stations that answered it by EAP */
	struct recent_macs harvested; /* access points that sent it a PMKID and got no answer */
	struct lan_state *lan;
};

/* A network's clock as one source sees it: what its beacons say against the packet time. */
struct seen_clock {
	int64_t offset_us;
	uint32_t last_sec; /* packet time */
	uint16_t source;
	bool known;
};

/* How fast it runs, from window to window (rules/clock.c). */
struct clock_rate {
	uint64_t begun_us;           /* of this window; 0: none has begun */
	int64_t last_us, best_us[2]; /* offset: the latest, the greatest of the first and the last third */
	uint32_t best_ms[2];         /* when, since begun_us */
	int32_t ppm_before;          /* of the window before */
	uint16_t source, beacons[2];
	bool known_before;
};

/* Of a device, which owns it; made when a rule first needs it. Most access points have one. */
struct rule_state {
	struct rate_window logins, joins, answers, names, slow_logins, slow_joins, beacon_names;
	uint64_t beacon_us, beacons_since_us; /* packet time of the latest beacon, and since when they come regularly */
	uint64_t explained_us; /* an alert said why its beacons contradict each other, and they still do */
	uint64_t twin_us;      /* the same of one on another channel alone */
	uint32_t owe_sum;      /* of the network that its OWE transition element names; 0: unknown */
	uint64_t channel_us;   /* of the latest beacon that named a channel */
	uint8_t beacon_channel;
	struct known_network networks[KNOWN_NETWORKS];
	uint8_t next_network;
	struct seen_clock clocks[2];
	struct clock_rate rate;
	struct rule_counters *rule_counters;
};
#define RULE_STATE_PART 31 /* its number among a device's parts */
extern struct field_table rule_state_table;

struct device;
/* The rule state of a device, or NULL when it has no room for one. Under its shard's lock. */
struct rule_state *rule_state_of(struct device *d);
struct rule_counters *rule_counters_of(struct device *d);
/* What is remembered of a network's stations, made with the first of their messages. */
struct lan_state *lan_state_of(struct device *d);
/* The counters that exist; adds none. */
struct rule_counters *rule_counters_known(const struct device *d);
/* The network of that hash, added in the slot of the oldest when it is new. */
struct known_network *rule_state_network(struct rule_state *w, uint32_t hash);

/* Stations as a source saw them last, the oldest replaced: with which access points they talk, and how they joined. */
#define SOURCE_VISITS 128
struct station_visit {
	struct mac address, now, before, joined; /* access points: that of its data, the one before, the one it joins */
	struct mac pair[2];                      /* between which it turned last: damaged addresses differ */
	uint64_t last_us;
	struct rate_window turns;
	uint32_t sae_name; /* hash of a name that it joined by SAE; 0: none */
};

/* Of a source; its own thread. Channels are 5 MHz apart. */
#define SOURCE_CHANNELS 1024
/* Unusual frames of a sender. */
struct sender_window {
	struct mac sender;
	uint8_t what;       /* enum sender_frames */
	uint32_t nonce_sum; /* SENDER_FIRST_NONCES: of the latest */
	uint64_t used_us;
	struct rate_window fast, slow;
};
#define FUZZED_US 10000000 /* so long after the latest odd frame a fuzzer has ended */
enum sender_frames {
	SENDER_BEACONS = 1,
	SENDER_DISCONNECTS,
	SENDER_ACTIONS,
	SENDER_POWER_SAVE,
	SENDER_KEYS,
	SENDER_POLLS,
	SENDER_FIRST_NONCES, /* by the station that gets them */
	SENDER_NAMES
};

/* What a rule found in a single frame, of which it is unknown whether it is whole: believed when its sender says it
 * again. */
#define SUSPICIONS 16
#define SUSPICION_US 60000000
struct suspicion {
	struct mac sender;
	uint64_t packet, time_us; /* time_us 0: none */
	uint32_t content;         /* of the frame: kind, fixed fields and elements */
	struct effect effect;
};

/* A channel at a source: its access points, and for how long none of them was received. */
#define AIR_CHANNELS 48 /* of a source; the one that was used least lately makes way */
struct air_channel {
	uint32_t khz;
	uint16_t beacons; /* UINT16_MAX: so many or more */
	uint16_t slots,
		slots_most; /* in which others were received since the latest beacon; the most before a beacon */
	uint64_t slot, used_us, beacon_us;
	struct recent_macs boxes; /* access points, whichever of their networks */
	bool raised;
};

/* Where a drone was last, as it says; the longest silent is replaced. */
#define DRONE_FLIGHTS 16
struct drone_flight {
	struct mac drone;
	uint64_t at_us; /* packet time; 0: none */
	double lat, lon;
	struct rate_window impossible;
};

struct source_rule_state {
	struct drone_flight flights[DRONE_FLIGHTS];
	struct air_channel *channels; /* AIR_CHANNELS; NULL: none yet */
	uint8_t channel;              /* of these, the one that was asked for last */
	struct suspicion suspicions[SUSPICIONS];
	uint8_t n_suspicions, next_suspicion;
	uint64_t packet;          /* names the packet at hand */
	struct habit_match match; /* on it */
	struct habits habits;
	struct stations stations;
	struct sender_window *senders;
	uint32_t n_senders;
	struct rate_window slow_networks, drones, long_navs, slow_long_navs, named_probes, slow_named_probes, odd;
	uint64_t fuzzed_us;            /* the latest frame of a fuzzer, of which an alert was raised; 0: none */
	int8_t network_dbm, drone_dbm; /* of the latest that was new */
	struct recent_macs odd_senders;
	uint64_t begun_us[SOURCE_CHANNELS];
	struct rate_window new_networks, tool_beacons;
	struct rate_window popups;    /* of Bluetooth */
	struct station_visit *visits; /* SOURCE_VISITS, by address; NULL: none yet */
	struct links *links;          /* link.h; NULL: nothing is protected */
};

/* The window of that sender's frames of that kind; the least lately used makes way. */
struct sender_window *source_sender(struct source_rule_state *s, const struct mac *sender, uint8_t what,
				    uint64_t now_us);
void source_rule_state_free(struct source_rule_state *s);

/* Of a name, over all devices: the stations that advertise it, which most names have one of. */
#define NAME_STATIONS 8
struct name_station {
	struct mac bssid;
	uint8_t channel;
	uint32_t elements;   /* which elements it sends, as a sum */
	uint64_t crypt;      /* CRYPT_BIT()s */
	uint64_t first_us;   /* packet time */
	uint64_t started_us; /* packet time at which its clock was 0 */
	uint64_t rate_us;    /* packet time at which its rate was measured; 0: never */
	int32_t rate_ppm;    /* by which its clock is faster than the source's */
	uint16_t source;     /* that measured it */
	bool twin_reported, sae_reported, weak_reported;
};
/* A certificate that servers showed when users logged in at the name; sums of its contents. */
#define NAME_CERTIFICATES 8
struct name_certificate {
	uint32_t key, issuer;
	struct mac bssid; /* where it was shown first */
	bool shown;
};
struct name_rule_state {
	struct ssid ssid;
	struct name_certificate *certificates; /* NAME_CERTIFICATES, the oldest replaced; NULL: none yet */
	uint8_t next_certificate;
	uint32_t n, next; /* stations, at most NAME_STATIONS; the one that goes first */
	uint64_t used;    /* count of uses: the least goes */
	struct name_station *stations;
};
/* Room for another station; the oldest goes when all is taken. */
struct name_station *name_add_station(struct name_rule_state *w);

/* Names, at most NAMES_MAX; the least lately used of a few goes. The caller holds a lock. */
#define NAMES_MAX 8192
struct names;
struct names *names_create(void);
void names_destroy(struct names *n);
struct name_rule_state *names_find(struct names *n, const struct ssid *ssid);
