/* Which devices and packets a kismetdb leaves out by address: a filter for each. Rules are set by
 * the configuration and over REST while the log is written. Of rules that fit, the first block in the order
 * below decides, in it the one whose mask says most; without any the filter's default. Any thread. */
#pragma once
#include "base/arena.h"
#include "feed/packets.h"
#include "field/field.h"

/* The blocks of a filter of packets; a filter of devices has the first alone. */
enum log_filter_block {
	LOG_FILTER_SOURCE,
	LOG_FILTER_DESTINATION,
	LOG_FILTER_NETWORK,
	LOG_FILTER_OTHER,
	LOG_FILTER_ANY,
	LOG_FILTER_BLOCKS
};

struct log_filter_rule {
	uint8_t phy, block; /* the number of the phy; enum log_filter_block */
	bool out;           /* true: what fits is left out; false: it is kept */
	struct mac_mask mac;
};

/* A filter as clients see it; lists are in the arena of the copy. */
struct log_filter_value {
	char mac[2 * MAC_TEXT_SIZE];
	uint8_t out;
};
struct log_filter_phy {
	char name[32];
	LIST(struct log_filter_value) of[LOG_FILTER_BLOCKS];
};
struct log_filter_record {
	char id[32], description[64], type[16];
	uint8_t out; /* the default */
	LIST(struct log_filter_phy) phys;
};
extern struct field_table log_class_filter_table, log_packet_filter_table;

struct log_filter;
/* is_packet: a filter of packets. */
struct log_filter *log_filter_create(const char *id, const char *description, bool is_packet);
void log_filter_destroy(struct log_filter *f);
const char *log_filter_id(const struct log_filter *f);

/* Words for leaving out (true, reject, deny, filter, block) and keeping (false, allow, pass, accept), any
 * case; ERR_MALFORMED. */
int log_filter_term(const char *text, bool *ret_out);
/* "AA:BB:CC:DD:EE:FF", with "/FF:FF:FF:00:00:00" behind it or not, or "*" for every address. */
int log_filter_mac(const char *text, struct mac_mask *ret_mac);
/* The block of that name; ERR_NOT_FOUND. */
int log_filter_block(const char *name);
/* "IEEE802.11,00:11:22:33:44:55,block", of packets "IEEE802.11,any,00:11:22:33:44:55,block"; negative with
 * a sentence. */
int log_filter_parse(const char *text, bool is_packet, struct log_filter_rule *ret_rule, char ret_error[160]);

void log_filter_set_default(struct log_filter *f, bool out);
/* Adds rules, or changes what those of the same address do: all, or none and ERR_LIMIT. */
int log_filter_set(struct log_filter *f, const struct log_filter_rule *rules, uint32_t n);
/* Removes those that are there; how many. */
uint32_t log_filter_remove(struct log_filter *f, const struct log_filter_rule *rules, uint32_t n);
void log_filter_copy(struct log_filter *f, struct arena *arena, struct log_filter_record *ret);

/* True when it is to be written. Without rules a load. */
bool log_filter_keeps(struct log_filter *f, uint8_t phy, const struct mac *mac);
bool log_filter_keeps_packet(struct log_filter *f, const struct packet_summary *s);
