#include "serve/guesses.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define CLIENTS 512
#define KNOWN 64
#define KEY_SIZE 17
#define HASH_SIZE 32   /* SHA-256 */
#define NETWORK_SIZE 8 /* octets of an IPv6 address that identify one customer's network */

struct client_key {
	uint8_t octets[KEY_SIZE]; /* a kind, and an address or as much of a name */
};

/* The rest, in millionths of a guess. */
struct bucket {
	uint64_t left, at_us;
};

struct client {
	struct client_key key;
	bool used;
	struct bucket bucket;
};

struct guesses {
	pthread_mutex_t lock;
	struct client clients[CLIENTS]; /* seen lately */
	struct client known[KNOWN];     /* that logged in */
	struct bucket all, all_known;
};

#define ONE UINT64_C(1000000)

static void fill(struct bucket *b, unsigned rate, unsigned burst, uint64_t now_us)
{
	uint64_t most = burst * ONE, passed = now_us > b->at_us ? now_us - b->at_us : 0;

	if (passed > most)
		passed = most; /* so that the product below stays small */
	b->left += passed * rate;
	if (b->left > most)
		b->left = most;
	b->at_us = now_us;
}

static void give_back(struct bucket *b, unsigned burst)
{
	b->left += ONE;
	if (b->left > burst * ONE)
		b->left = burst * ONE;
}

static struct client_key key_of(const char *client)
{
	struct client_key k = {0};
	struct in6_addr v6;

	if (inet_pton(AF_INET6, client, &v6) == 1 && !IN6_IS_ADDR_LOOPBACK(&v6)) {
		k.octets[0] = 6;
		memcpy(k.octets + 1, &v6, NETWORK_SIZE);
	} else {
		size_t n = strlen(client);

		memcpy(k.octets + 1, client, n < KEY_SIZE - 1 ? n : KEY_SIZE - 1);
	}
	return k;
}

/* A client with its program: a hash, as texts are long. */
static struct client_key known_key_of(const char *client, const char *agent)
{
	struct client_key address = key_of(client), k = {.octets = {1}};
	uint8_t hash[HASH_SIZE];
	struct buf b = {0};

	buf_add(&b, address.octets, sizeof(address.octets));
	buf_str(&b, agent);
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, b.p, b.len, hash) < 0)
		abort(); /* no one can be let in */
	memcpy(k.octets + 1, hash, KEY_SIZE - 1);
	buf_finish(&b);
	return k;
}

static struct client *find(struct client *all, size_t n, const struct client_key *key)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].used && memcmp(&all[i].key, key, sizeof(*key)) == 0)
			return &all[i];
	return NULL;
}

/* The client's slot, or that of the least recent client. */
static struct client *slot_of(struct client *all, size_t n, const struct client_key *key, uint64_t now_us)
{
	struct client *c = find(all, n, key);

	if (c)
		return c;
	c = &all[0];
	for (size_t i = 0; i < n && c->used; i++)
		if (!all[i].used || all[i].bucket.at_us < c->bucket.at_us)
			c = &all[i];
	*c = (struct client){.key = *key, .used = true, .bucket = {GUESSES_CLIENT_BURST * ONE, now_us}};
	return c;
}

struct guesses *guesses_create(void)
{
	struct guesses *g = xnew(struct guesses, 1);

	(void) pthread_mutex_init(&g->lock, NULL);
	g->all.left = GUESSES_ALL_BURST * ONE;
	g->all_known.left = GUESSES_KNOWN_BURST * ONE;
	return g;
}

void guesses_destroy(struct guesses *g)
{
	(void) pthread_mutex_destroy(&g->lock);
	free(g);
}

/* The client's own bucket, and the one that it shares with others of its kind. */
static void find_buckets(struct guesses *g, const char *client, const char *agent, uint64_t now_us,
			 struct bucket **ret_own, struct bucket **ret_shared)
{
	struct client_key key = key_of(client), known = known_key_of(client, agent);
	struct client *c = find(g->known, KNOWN, &known);

	*ret_shared = c ? &g->all_known : &g->all;
	if (!c)
		c = slot_of(g->clients, CLIENTS, &key, now_us);
	*ret_own = &c->bucket;
	fill(*ret_own, GUESSES_CLIENT_RATE, GUESSES_CLIENT_BURST, now_us);
	fill(&g->all, GUESSES_ALL_RATE, GUESSES_ALL_BURST, now_us);
	fill(&g->all_known, GUESSES_KNOWN_RATE, GUESSES_KNOWN_BURST, now_us);
}

bool guesses_take(struct guesses *g, const char *client, const char *agent, uint64_t now_us)
{
	struct bucket *own, *shared;
	bool may;

	(void) pthread_mutex_lock(&g->lock);
	find_buckets(g, client, agent, now_us, &own, &shared);
	may = own->left >= ONE && shared->left >= ONE;
	if (may) {
		own->left -= ONE;
		shared->left -= ONE;
	}
	(void) pthread_mutex_unlock(&g->lock);
	return may;
}

void guesses_right(struct guesses *g, const char *client, const char *agent, uint64_t now_us)
{
	struct bucket *own, *shared;
	struct client_key key = known_key_of(client, agent);
	struct client *known;

	(void) pthread_mutex_lock(&g->lock);
	find_buckets(g, client, agent, now_us, &own, &shared);
	give_back(own, GUESSES_CLIENT_BURST);
	give_back(shared, shared == &g->all ? GUESSES_ALL_BURST : GUESSES_KNOWN_BURST);
	if (shared == &g->all) {
		known = slot_of(g->known, KNOWN, &key, now_us);
		known->bucket = *own; /* what it had left, so that being known is no second burst */
	}
	(void) pthread_mutex_unlock(&g->lock);
}
