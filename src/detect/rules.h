/* The rules: each is one row of the table (rules/table.c) that says everything about it. A new rule is a function and a
 * row. Functions stand in a file a theme beside it; what they remember is in scope.h. */
#pragma once
#include "detect/alert.h"
#include "detect/link.h"
#include "detect/scope.h"
#include "field/regex.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/dot11/dot11.h"
#include "track/observe.h"
#include "wire/dot11/summary.h"

/* Which frames a rule looks at: management subtypes by number, and these. */
#define ON(subtype) (UINT32_C(1) << (subtype))
#define ON_EAPOL (UINT32_C(1) << 16)
#define ON_DATA (UINT32_C(1) << 17)
#define ON_NETWORK (ON(MGMT_BEACON) | ON(MGMT_PROBE_RESP))
/* At OBSERVED_BTLE the kinds are those of enum btle_pdu; OBSERVED_BLUETOOTH has the first alone. */
#define ON_ADVERTISED (ON(BTLE_ADV_IND) | ON(BTLE_ADV_NONCONN_IND) | ON(BTLE_ADV_SCAN_IND) | ON(BTLE_ADV_EXT_IND))
#define ON_BTLE UINT32_C(0xffff)
#define ON_REPORT ON(0)

/* apspoof=name:ssid="regex",validmacs="mac,mac/mask" and ssidcanary=name:ssid="regex". */
#define SSID_RULES_MAX 256
#define SSID_RULE_MACS_MAX 64
struct ssid_rule {
	char name[64];
	struct regex *ssid;
	bool canary;
	uint32_t n_macs;
	struct mac_mask macs[SSID_RULE_MACS_MAX];
};

/* The fingerprints that devices should have, which the caller keeps. Both functions are called on the sources' threads.
 */
struct expected_fingerprints {
	bool (*any)(void *ctx); /* under a lock of the model: may not wait. NULL: there are none */
	/* The fingerprint that frames of that management subtype should have; 0: not known. No lock is held. */
	uint32_t (*find)(void *ctx, const struct mac *mac, uint8_t subtype);
	void *ctx;
};

struct rule_settings {
	struct expected_fingerprints fingerprints;
	int32_t max_signal; /* OVERPOWERED: dBm above which no station should be */
	bool country_full;  /* DOT11D: the channels count too */
	struct ssid *own_ssids;
	struct mac_mask *own_bssids;
	uint32_t n_own_ssids, n_own_bssids;
	struct ssid_rule *ssid_rules;
	uint32_t n_ssid_rules;
};

/* The numbers by which a rule decides. Its text and description name them ({most}, {within}), and so does the option
 * norn_alert_threshold=, which changes them; rule_number.c lists them. 0: the rule has none of that name. */
struct rule_numbers {
	uint32_t most;             /* so many are ordinary, one more is not */
	uint32_t within_ms;        /* so many within that time, or each within it of the last, as the function says */
	uint32_t after_ms;         /* what comes earlier than that is ordinary */
	uint32_t young_ms, old_ms; /* the age of a clock */
	uint32_t apart_ms, apart_ppm;       /* two clocks */
	uint32_t slow_most, slow_within_ms; /* the same in a longer window, for what is slower */
	uint32_t most_max; /* what `most` can be set to, where less is remembered than a burst counts */
	bool fixed;        /* by a standard, or by the software that is attacked: no option changes them */
};
/* Numbers that elements_are_odd() asks for too. */
enum { DS_OCTETS = 1, EXT_CAP_OCTETS = 13, WMM_OCTETS = 24, PAIRWISE_CIPHERS = 1024 };

/* What a rule looks at. */
struct rule_ctx {
	const struct rule_settings *set;
	const struct rule_numbers *numbers; /* the rule's own, in force */
	const struct observation *s;        /* NULL when a rule judges */
	const struct frame *f;
	const struct dot11_shown *dot11;    /* of the 802.11 phy, else NULL */
	const struct btle_frame *btle;      /* of the BTLE phy, else NULL */
	const struct hci_report *bluetooth; /* of the Bluetooth phy, else NULL */
	const struct packet *packet;
	struct source_rule_state *source;
	struct link_look look;        /* OBSERVED_FRAME: what the frame is for its link */
	struct name_rule_state *name; /* when a rule of SCOPE_NAME judges, else NULL */
	struct name_station *station; /* the frame's own among those of the name */
};
/* True: raise. Fills in what the row's text shows of the effect, and frames and first_us when more than
 * this frame is behind it. Called as observations are (track/observe.h). */
typedef bool (*rule_fn)(const struct rule_ctx *l, struct effect *e);

/* Where what a rule remembers lives; the records are in scope.h. */
enum rule_scope {
	SCOPE_FRAME,  /* it remembers nothing, or uses what the model knows anyway */
	SCOPE_DEVICE, /* struct rule_state, owned by the device */
	SCOPE_NAME,   /* struct name_rule_state of the effect's SSID: judge() is asked once no lock of the model is
			 held, under that of the names */
	SCOPE_SOURCE, /* struct source_rule_state */
	SCOPE_LIST,   /* a list that another room keeps: judge() is asked once no lock of the model is held */
	SCOPE_SERVER, /* the detector, or what raises it */
};

/* Rules that need not look at every frame of their kind. */
enum rule_when {
	WHEN_ALWAYS,
	WHEN_STATE, /* at a network that is new, changed, or as it was for a minute: what lasts is raised once an hour
		     */
	WHEN_FRESH, /* at a network's record, or a Bluetooth device, that is new */
	WHEN_ODD,   /* at elements that elements_are_odd() finds */
	WHEN_LINK,  /* at frames in which links_observe() finds something (link.h) */
	WHENS,
};

/* Which address of the frame the rates of its alert count by (alert.h): whom the text blames, and of a flood whom it
 * hits. */
enum rule_offender {
	OFFENDER_SENDER,
	OFFENDER_NETWORK,  /* the BSSID: senders of attacks on it, or in its name, are forged */
	OFFENDER_RECEIVER, /* who takes what it should not */
	OFFENDER_NONE,     /* many addresses together */
};

/* Settings without which a rule is off. */
enum rule_need { NEEDS_APSPOOF = 1, NEEDS_CANARY = 2, NEEDS_OWN_SSID = 4, NEEDS_OWN_BSSID = 8 };

struct rule {
	const char *name, *alert_class;
	uint8_t severity;
	const char *limit, *burst;
	uint8_t scope;       /* enum rule_scope */
	uint8_t phy;         /* the number of the phy that it looks at */
	uint8_t observation; /* which kind of observation, as the phy's header numbers it */
	uint32_t frames;     /* ON() */
	bool duplicates;     /* repeats of a frame count, but for what two sources saw at once */
	rule_fn fn;          /* NULL: raised elsewhere */
	const char *text;    /* of the alert: {bssid} {source} {dest} {ssid} {a} {b} {channel} {rule}, numbers */
	const char *description;
	struct rule_numbers numbers;
	uint8_t offender; /* enum rule_offender */
	uint8_t needs;    /* enum rule_need, or-ed */
	uint8_t when;     /* enum rule_when */
	rule_fn judge;    /* SCOPE_NAME, SCOPE_LIST */
	bool links;       /* asks for rule_ctx.look */
	bool every_data;  /* also wants data frames that cannot be read (OBSERVED_FRAME) */
	bool profiles;    /* looks at networks that another one's frame speaks for, too (dot11_shown.of_profile) */
	bool after_disconnect, reserves; /* cares for data within numbers.within_ms of a disconnection; for control
					    frames that reserve the channel for numbers.apart_ms */
};
extern const struct rule rules[];
extern const size_t rule_count;

/* True if the rule of that text could be read; a sentence in ret_error otherwise. */
bool ssid_rule_parse(const char *text, bool canary, struct ssid_rule *ret, char ret_error[REGEX_ERROR_SIZE]);
/* True when an element is as a rule of WHEN_ODD may want it: one walk for all of them. */
bool elements_are_odd(const struct frame *f);
bool is_own_ssid(const struct rule_settings *set, const struct ssid *ssid);
bool is_own_bssid(const struct rule_settings *set, const struct mac *bssid);
/* True while another alert says why a network's frames contradict each other: so long after the latest that did. */
#define EXPLAINED_US 60000000
bool is_explained(const struct rule_ctx *l);
/* Virtual networks of one device differ in the address's local bit and the last octets. */
bool same_vendor(const struct mac *a, const struct mac *b);
/* Adds the frame's station under the name, if it is new: its slot. */
struct name_station *name_learn(const struct rule_ctx *l);
