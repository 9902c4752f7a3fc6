#include "store/log/log_filter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "phy/phys.h"

/* Rules of one phy, block and mask, which lie side by side, by address. */
struct group {
	uint8_t phy, block;
	uint64_t mask;
	uint32_t first, n;
};

struct log_filter {
	const char *id, *description;
	bool is_packet;
	_Atomic bool out, any; /* the default; there are rules */
	pthread_rwlock_t lock;
	struct log_filter_rule *rules; /* as compare() has them */
	struct group *groups;
	uint32_t n, n_groups;
};

static const char *const blocks[] = {"source", "destination", "network", "other", "any"};

#define V struct log_filter_value
#define P struct log_filter_phy
#define R struct log_filter_record
static const struct field mac_key = FIELD_ELEM(V, mac), value_of = FIELD_ELEM(V, out), phy_key = FIELD_ELEM(P, name);
/* clang-format off */
#define BLOCK(name, i, text) FIELD_KEYED(P, "kismet.packetfilter.macaddr." name, of[i], &mac_key, &value_of, text)
/* clang-format on */
static const struct field block_rows[] = {
	BLOCK("source", LOG_FILTER_SOURCE, "Addresses of senders; 1: left out, 0: kept."),
	BLOCK("destination", LOG_FILTER_DESTINATION, "Addresses of destinations."),
	BLOCK("network", LOG_FILTER_NETWORK, "BSSIDs."),
	BLOCK("other", LOG_FILTER_OTHER, "Transmitters that are none of these."),
	BLOCK("any", LOG_FILTER_ANY, "Any of these."),
};
static struct field_table block_table = FIELD_TABLE(P, "packet filter of a phy", block_rows);
static const struct field blocks_of_phy = FIELD_ELEM_SELF(&block_table);
static const struct field class_of_phy =
	FIELD_KEYED(P, "kismet.classfilter.macaddr.filter_block", of[0], &mac_key, &value_of, "1: left out, 0: kept.");
/* clang-format off */
#define COMMON(kind)                                                                              \
	FIELD(R, kind ".id", id, "Its name in paths."),                                           \
	FIELD(R, kind ".description", description, "What it is for."),                            \
	FIELD(R, kind ".type", type, "By what it chooses."),                                      \
	FIELD(R, kind ".default", out, "What no rule fits: 1 is left out, 0 is kept.")
/* clang-format on */
static const struct field class_rows[] = {
	COMMON("kismet.classfilter"),
	FIELD_KEYED(R, "kismet.classfilter.macaddr.address_by_phy", phys, &phy_key, &class_of_phy,
		    "Addresses by phy; 1: left out, 0: kept."),
};
struct field_table log_class_filter_table = FIELD_TABLE(R, "class filter", class_rows);
static const struct field packet_rows[] = {
	COMMON("kismet.packetfilter"),
	FIELD_KEYED(R, "kismet.packetfilter.macaddr.blocks_by_phy", phys, &phy_key, &blocks_of_phy,
		    "Addresses by phy and what they are in a packet."),
};
struct field_table log_packet_filter_table = FIELD_TABLE(R, "packet filter", packet_rows);

struct log_filter *log_filter_create(const char *id, const char *description, bool is_packet)
{
	struct log_filter *f = xnew(struct log_filter, 1);

	f->id = id;
	f->description = description;
	f->is_packet = is_packet;
	(void) pthread_rwlock_init(&f->lock, NULL);
	return f;
}

void log_filter_destroy(struct log_filter *f)
{
	if (!f)
		return;
	(void) pthread_rwlock_destroy(&f->lock);
	free(f->rules);
	free(f->groups);
	free(f);
}

const char *log_filter_id(const struct log_filter *f)
{
	return f->id;
}

int log_filter_term(const char *text, bool *ret_out)
{
	static const char *const out[] = {"true", "reject", "deny", "filter", "block"}, *const in[] = {"false", "allow",
												       "pass",
												       "accept"};

	for (size_t i = 0; i < ARRAY_SIZE(out); i++)
		if (strcasecmp(text, out[i]) == 0)
			return *ret_out = true, 0;
	for (size_t i = 0; i < ARRAY_SIZE(in); i++)
		if (strcasecmp(text, in[i]) == 0)
			return *ret_out = false, 0;
	return ERR_MALFORMED;
}

int log_filter_mac(const char *text, struct mac_mask *ret_mac)
{
	struct mac_mask m = {0};

	if (strcmp(text, "*") != 0 && mac_mask_parse(text, strlen(text), &m) < 0)
		return ERR_MALFORMED;
	m.mac = mac_of_u64(mac_u64(&m.mac) & mac_u64(&m.mask));
	*ret_mac = m;
	return 0;
}

int log_filter_block(const char *name)
{
	for (int i = 0; i < LOG_FILTER_BLOCKS; i++)
		if (strcasecmp(blocks[i], name) == 0)
			return i;
	return ERR_NOT_FOUND;
}

int log_filter_parse(const char *text, bool is_packet, struct log_filter_rule *ret_rule, char ret_error[160])
{
	const char *part[4] = {"", "", "", ""};
	unsigned n = 0, most = is_packet ? 4 : 3;
	cleanup_free char *copy = xstrdup(text);
	struct log_filter_rule r = {0};
	char *rest = copy, *p;
	int phy, block = 0;

	while ((p = strsep(&rest, ",")) != NULL) {
		p += strspn(p, " ");
		p[strcspn(p, " ")] = '\0';
		if (n < 4)
			part[n] = p;
		n++;
	}
	phy = phys_number(part[0]);
	if (is_packet)
		block = log_filter_block(part[1]);
	if (n == most && phy >= 0 && block >= 0 && log_filter_mac(part[most - 2], &r.mac) >= 0 &&
	    log_filter_term(part[most - 1], &r.out) >= 0) {
		r.phy = (uint8_t) phy;
		r.block = (uint8_t) block;
		*ret_rule = r;
		return 0;
	}
	if (n == most && phy < 0)
		(void) snprintf(ret_error, 160, "there is no phy '%.40s'", part[0]);
	else
		(void) snprintf(ret_error, 160,
				is_packet
					? "expected PHY,BLOCK,MAC,pass or block, with a BLOCK of source, destination, "
					  "network, other or any, and a MAC, MAC/MASK or *"
					: "expected PHY,MAC,pass or block, with a MAC, MAC/MASK or *");
	return ERR_MALFORMED;
}

void log_filter_set_default(struct log_filter *f, bool out)
{
	atomic_store(&f->out, out);
}

/* By phy, block and mask, the mask that says most first, then by address. */
static int compare(const void *a, const void *b)
{
	const struct log_filter_rule *x = a, *y = b;
	uint64_t xm = mac_u64(&x->mac.mask), ym = mac_u64(&y->mac.mask);
	int bits = __builtin_popcountll(ym) - __builtin_popcountll(xm);

	if (x->phy != y->phy)
		return x->phy < y->phy ? -1 : 1;
	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	if (bits || xm != ym)
		return bits ? bits : xm < ym ? -1 : 1;
	return memcmp(&x->mac.mac, &y->mac.mac, sizeof(x->mac.mac));
}

/* Takes the sorted rules instead of the earlier ones; under the lock. */
static void take_rules(struct log_filter *f, struct log_filter_rule *rules, uint32_t n)
{
	free(f->rules);
	free(f->groups);
	f->rules = rules;
	f->n = n;
	f->groups = xnew(struct group, n + 1);
	f->n_groups = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct group *g = f->n_groups ? &f->groups[f->n_groups - 1] : NULL;
		uint64_t mask = mac_u64(&rules[i].mac.mask);

		if (!g || g->phy != rules[i].phy || g->block != rules[i].block || g->mask != mask) {
			g = &f->groups[f->n_groups++];
			*g = (struct group){rules[i].phy, rules[i].block, mask, i, 0};
		}
		g->n++;
	}
	atomic_store(&f->any, n != 0);
}

static struct log_filter_rule *find_rule(struct log_filter_rule *rules, uint32_t n, const struct log_filter_rule *rule)
{
	return n ? bsearch(rule, rules, n, sizeof(*rules), compare) : NULL;
}

/* Sorts; of two of one address the first stays. How many there are then. */
static uint32_t sort_rules(struct log_filter_rule *rules, uint32_t n)
{
	uint32_t kept = 0;

	qsort(rules, n, sizeof(*rules), compare);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || compare(&rules[kept - 1], &rules[i]) != 0)
			rules[kept++] = rules[i];
	return kept;
}

int log_filter_set(struct log_filter *f, const struct log_filter_rule *rules, uint32_t n)
{
	struct log_filter_rule *all;
	uint32_t have;
	int r = 0;

	(void) pthread_rwlock_wrlock(&f->lock);
	have = f->n;
	all = xnew(struct log_filter_rule, (size_t) have + n + 1);
	if (have)
		memcpy(all, f->rules, have * sizeof(*all));
	for (uint32_t i = 0; i < n && r >= 0; i++) {
		struct log_filter_rule *old = find_rule(all, f->n, &rules[i]);

		if (old)
			old->out = rules[i].out;
		else if (limit_full(LIMIT_LOG_FILTERS, have))
			r = ERR_LIMIT;
		else
			all[have++] = rules[i];
	}
	if (r >= 0)
		take_rules(f, all, sort_rules(all, have));
	else
		free(all);
	(void) pthread_rwlock_unlock(&f->lock);
	return r;
}

uint32_t log_filter_remove(struct log_filter *f, const struct log_filter_rule *rules, uint32_t n)
{
	struct log_filter_rule *left, *removed = xnew(struct log_filter_rule, (size_t) n + 1);
	uint32_t had, kept = 0;

	if (n)
		memcpy(removed, rules, n * sizeof(*removed));
	n = sort_rules(removed, n);
	(void) pthread_rwlock_wrlock(&f->lock);
	had = f->n;
	left = xnew(struct log_filter_rule, (size_t) had + 1);
	for (uint32_t i = 0; i < had; i++)
		if (!find_rule(removed, n, &f->rules[i]))
			left[kept++] = f->rules[i];
	take_rules(f, left, kept);
	(void) pthread_rwlock_unlock(&f->lock);
	free(removed);
	return had - kept;
}

static void show_mac(const struct mac_mask *m, char ret[2 * MAC_TEXT_SIZE])
{
	mac_format(&m->mac, ret);
	if (mac_u64(&m->mask) == UINT64_C(0xffffffffffff))
		return;
	ret[MAC_TEXT_SIZE - 1] = '/';
	mac_format(&m->mask, ret + MAC_TEXT_SIZE);
}

void log_filter_copy(struct log_filter *f, struct arena *arena, struct log_filter_record *ret)
{
	struct log_filter_phy *phys;
	uint32_t n_phys = 0;

	*ret = (struct log_filter_record){.type = "mac_addr", .out = atomic_load(&f->out)};
	(void) snprintf(ret->id, sizeof(ret->id), "%s", f->id);
	(void) snprintf(ret->description, sizeof(ret->description), "%s", f->description);
	(void) pthread_rwlock_rdlock(&f->lock);
	phys = arena_alloc(arena, (f->n + 1) * sizeof(*phys));
	for (uint32_t i = 0; i < f->n; i++) {
		const struct log_filter_rule *r = &f->rules[i];
		struct log_filter_value *v = arena_alloc(arena, sizeof(*v));
		struct log_filter_phy *p;

		if (i == 0 || r->phy != f->rules[i - 1].phy) {
			phys[n_phys] = (struct log_filter_phy){0};
			(void) snprintf(phys[n_phys++].name, sizeof(phys->name), "%s", phys_name(r->phy));
		}
		p = &phys[n_phys - 1];
		if (p->of[r->block].count == 0)
			p->of[r->block].items = arena_alloc(arena, (f->n - i) * sizeof(*v));
		show_mac(&r->mac, v->mac);
		v->out = r->out;
		p->of[r->block].items[p->of[r->block].count++] = *v;
	}
	(void) pthread_rwlock_unlock(&f->lock);
	ret->phys.items = phys;
	ret->phys.count = n_phys;
}

/* The rule of a block that fits best, or NULL; under the lock. */
static const struct log_filter_rule *find(const struct log_filter *f, uint8_t phy, uint8_t block, const struct mac *mac)
{
	for (uint32_t i = 0; i < f->n_groups; i++) {
		const struct group *g = &f->groups[i];
		struct log_filter_rule key = {.phy = phy, .block = block, .mac.mask = mac_of_u64(g->mask)}, *found;

		if (g->phy != phy || g->block != block)
			continue;
		key.mac.mac = mac_of_u64(mac_u64(mac) & g->mask);
		found = find_rule(f->rules + g->first, g->n, &key);
		if (found)
			return found;
	}
	return NULL;
}

bool log_filter_keeps(struct log_filter *f, uint8_t phy, const struct mac *mac)
{
	const struct log_filter_rule *r;
	bool out = atomic_load_explicit(&f->out, memory_order_relaxed);

	if (!atomic_load_explicit(&f->any, memory_order_relaxed))
		return !out;
	(void) pthread_rwlock_rdlock(&f->lock);
	r = find(f, phy, 0, mac);
	out = r ? r->out : out;
	(void) pthread_rwlock_unlock(&f->lock);
	return !out;
}

bool log_filter_keeps_packet(struct log_filter *f, const struct packet_summary *s)
{
	const struct mac *address[] = {&s->sender, &s->destination, &s->bssid, &s->transmitter};
	bool out = atomic_load_explicit(&f->out, memory_order_relaxed);
	const struct log_filter_rule *r = NULL;
	unsigned n = ARRAY_SIZE(address);

	if (!atomic_load_explicit(&f->any, memory_order_relaxed))
		return !out;
	if (mac_equal(&s->transmitter, &s->sender) || mac_equal(&s->transmitter, &s->bssid))
		n--;
	(void) pthread_rwlock_rdlock(&f->lock);
	for (uint8_t i = 0; i < n && !r; i++)
		r = find(f, s->phy, i, address[i]);
	for (uint8_t i = 0; i < n && !r; i++)
		r = find(f, s->phy, LOG_FILTER_ANY, address[i]);
	out = r ? r->out : out;
	(void) pthread_rwlock_unlock(&f->lock);
	return !out;
}
