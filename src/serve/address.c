#include "serve/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/limit.h"
#include "base/mem.h"

#define SLOTS 2048 /* more than there are connections */

struct slot {
	struct in6_addr address;
	uint32_t count;
};

struct addresses {
	pthread_mutex_t lock;
	struct slot slots[SLOTS];
};

/* IPv4 as ::ffff:a.b.c.d, so that one table holds both; false for other families. */
static bool as_ipv6(const struct sockaddr *address, struct in6_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (address && address->sa_family == AF_INET6) {
		*ret = ((const struct sockaddr_in6 *) (const void *) address)->sin6_addr;
		return true;
	}
	if (!address || address->sa_family != AF_INET)
		return false;
	ret->s6_addr[10] = ret->s6_addr[11] = 0xff;
	memcpy(&ret->s6_addr[12], &((const struct sockaddr_in *) (const void *) address)->sin_addr, 4);
	return true;
}

bool address_is_loopback(const struct sockaddr *address)
{
	struct in6_addr a;

	if (!as_ipv6(address, &a))
		return address && address->sa_family == AF_UNIX;
	return IN6_IS_ADDR_LOOPBACK(&a) || (IN6_IS_ADDR_V4MAPPED(&a) && a.s6_addr[12] == 127);
}

void address_format(const struct sockaddr *address, char *ret_text, size_t size)
{
	struct in6_addr a;

	*ret_text = '\0';
	if (!as_ipv6(address, &a))
		(void) strncpy(ret_text, "unix", size);
	else if (IN6_IS_ADDR_V4MAPPED(&a))
		(void) inet_ntop(AF_INET, &a.s6_addr[12], ret_text, (socklen_t) size);
	else
		(void) inet_ntop(AF_INET6, &a, ret_text, (socklen_t) size);
}

struct addresses *addresses_create(void)
{
	struct addresses *a = xnew(struct addresses, 1);

	(void) pthread_mutex_init(&a->lock, NULL);
	return a;
}

void addresses_destroy(struct addresses *a)
{
	(void) pthread_mutex_destroy(&a->lock);
	free(a);
}

/* The slot of the address, or a free one; NULL when all are taken. */
static struct slot *find(struct addresses *a, const struct in6_addr *address)
{
	struct slot *empty = NULL;

	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &a->slots[i];

		if (s->count && memcmp(&s->address, address, sizeof(*address)) == 0)
			return s;
		if (!s->count && !empty)
			empty = s;
	}
	return empty;
}

bool addresses_may(struct addresses *a, const struct sockaddr *address, unsigned times)
{
	struct in6_addr key;
	struct slot *s;
	bool may;

	if (address_is_loopback(address) || !as_ipv6(address, &key))
		return true;
	(void) pthread_mutex_lock(&a->lock);
	s = find(a, &key);
	may = s && !limit_full(LIMIT_PER_ADDRESS, s->count / times);
	(void) pthread_mutex_unlock(&a->lock);
	return may;
}

void addresses_change(struct addresses *a, const struct sockaddr *address, int by)
{
	struct in6_addr key;
	struct slot *s;

	if (address_is_loopback(address) || !as_ipv6(address, &key))
		return;
	(void) pthread_mutex_lock(&a->lock);
	s = find(a, &key);
	if (s && (by > 0 || s->count)) {
		s->address = key;
		s->count = (uint32_t) ((int64_t) s->count + by);
	}
	(void) pthread_mutex_unlock(&a->lock);
}
