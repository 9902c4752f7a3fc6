#include "serve/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOPS_MAX 32
#define VALUE_SIZE 272

/* One proxy's entry: an element of Forwarded, or of X-Forwarded-For with its node alone. */
struct hop {
	char node[64];
	char host[VALUE_SIZE];
	char proto[8];
};

static bool parse_address(const char *text, struct in6_addr *ret)
{
	struct in_addr v4;

	if (inet_pton(AF_INET6, text, ret) == 1)
		return true;
	if (inet_pton(AF_INET, text, &v4) != 1)
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->s6_addr[10] = ret->s6_addr[11] = 0xff;
	memcpy(&ret->s6_addr[12], &v4, sizeof(v4));
	return true;
}

bool proxies_add(struct proxies *p, const char *text)
{
	size_t n = strcspn(text, "/");
	char address[INET6_ADDRSTRLEN + 1];
	unsigned most = memchr(text, ':', n) ? 128 : 32;
	unsigned long bits = most;
	char *end;

	if (strcmp(text, "unix") == 0)
		return p->unix_socket = true;
	if (p->n == PROXIES_MAX || n >= sizeof(address))
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	if (text[n] == '/') {
		bits = strtoul(text + n + 1, &end, 10);
		if (!isdigit((unsigned char) text[n + 1]) || *end || bits > most)
			return false;
	}
	if (!parse_address(address, &p->rules[p->n].address))
		return false;
	p->rules[p->n++].bits = (unsigned) bits + 128 - most;
	return true;
}

static bool matches(const struct in6_addr *a, const struct in6_addr *rule, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, rule, whole) != 0)
		return false;
	return !rest || ((a->s6_addr[whole] ^ rule->s6_addr[whole]) >> (8 - rest)) == 0;
}

bool proxies_trust(const struct proxies *p, const char *address)
{
	struct in6_addr a;

	if (strcmp(address, "unix") == 0)
		return p->unix_socket;
	if (!parse_address(address, &a))
		return false;
	for (unsigned i = 0; i < p->n; i++)
		if (matches(&a, &p->rules[i].address, p->rules[i].bits))
			return true;
	return false;
}

/* Copies what fits a name, a number or an address; the rest makes it empty. */
static void copy_plain(char *ret, size_t size, const char *from, size_t n)
{
	*ret = '\0';
	if (n >= size)
		return;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char) from[i]) && !strchr(".:[]_-", from[i]))
			return;
	memcpy(ret, from, n);
	ret[n] = '\0';
}

/* "192.0.2.1:4711", "[2001:db8::1]:4711", "2001:db8::1" or "_hidden": without brackets and port. */
static void set_node(struct hop *h, const char *text, size_t n)
{
	char plain[80];
	const char *p = plain;
	struct in6_addr v6;

	copy_plain(plain, sizeof(plain), text, n);
	if (*p == '[')
		p++, n = strcspn(p, "]");
	else
		n = inet_pton(AF_INET6, p, &v6) == 1 ? strlen(p) : strcspn(p, ":");
	copy_plain(h->node, sizeof(h->node), p, n);
}

/* One "name=value" of Forwarded, the value without its quotes. */
static void set_pair(struct hop *h, const char *name, size_t name_n, const char *value, size_t n)
{
	if (name_n == 3 && strncasecmp(name, "for", 3) == 0)
		set_node(h, value, n);
	else if (name_n == 4 && strncasecmp(name, "host", 4) == 0)
		copy_plain(h->host, sizeof(h->host), value, n);
	else if (name_n == 5 && strncasecmp(name, "proto", 5) == 0)
		copy_plain(h->proto, sizeof(h->proto), value, n);
}

/* A value, quoted or not, from p; returns what stands behind it. */
static const char *take_value(const char *p, const char **ret_value, size_t *ret_n)
{
	bool quoted = *p == '"';

	p += quoted;
	*ret_value = p;
	*ret_n = strcspn(p, quoted ? "\"" : ",; \t");
	p += *ret_n;
	return p + (quoted && *p == '"');
}

/* The elements of Forwarded; 0 when there are none, or too many. */
static unsigned read_forwarded(const char *p, struct hop hops[HOPS_MAX])
{
	unsigned n = 0;

	while (*p) {
		const char *name = p += strspn(p, " \t;"), *value = p;
		size_t name_n = strcspn(p, "=,; \t"), value_n = 0;

		if (n == HOPS_MAX)
			return 0;
		p += name_n;
		if (*p == '=')
			p = take_value(p + 1, &value, &value_n);
		set_pair(&hops[n], name, name_n, value, value_n);
		p += strspn(p, " \t");
		if (*p == ',' || !*p)
			n++;
		else if (*p != ';')
			return 0; /* two values without anything between them */
		p += *p != '\0';
	}
	return n;
}

static unsigned read_list(const char *p, struct hop hops[HOPS_MAX])
{
	unsigned n = 0;

	while (*p) {
		size_t length = strcspn(p += strspn(p, " \t"), ","), k = length;

		if (n == HOPS_MAX)
			return 0;
		while (k && strchr(" \t", p[k - 1]))
			k--;
		set_node(&hops[n++], p, k);
		p += length;
		p += *p == ',';
	}
	return n;
}

/* The last node that is no trusted proxy, or the first of all; "" when it is malformed. */
static const char *client_of(const struct hop *hops, unsigned n, const struct proxies *trusted)
{
	while (n > 1 && proxies_trust(trusted, hops[n - 1].node))
		n--;
	return n ? hops[n - 1].node : "";
}

/* The last word of a list, without quotes. */
static void last_of(const char *list, char *ret, size_t size)
{
	const char *p = list ? strrchr(list, ',') : NULL;
	size_t n;

	p = p ? p + 1 : list ? list : "";
	p += strspn(p, " \t\"");
	n = strcspn(p, "\"");
	while (n && strchr(" \t", p[n - 1]))
		n--;
	copy_plain(ret, size, p, n);
}

static void read_client(const struct forwarding *f, const struct hop *hops, unsigned n, const struct proxies *trusted,
			struct forwarded_as *ret)
{
	struct hop list[HOPS_MAX] = {0};
	const char *a = f->forwarded ? client_of(hops, n, trusted) : "", *b = "";

	if (f->client)
		b = client_of(list, read_list(f->client, list), trusted);
	if (!*a || !*b || strcasecmp(a, b) == 0)
		(void) strcpy(ret->client, *a ? a : b);
}

/* 0 when it is no port. */
static uint16_t port_of(const char *text)
{
	unsigned long port = strspn(text, "0123456789") == strlen(text) ? strtoul(text, NULL, 10) : 0;

	return port <= UINT16_MAX ? (uint16_t) port : 0;
}

void forwarding_read(const struct forwarding *f, const struct proxies *trusted, struct forwarded_as *ret)
{
	struct hop hops[HOPS_MAX] = {0};
	char host[VALUE_SIZE] = "", proto[8] = "", port[8] = "";
	unsigned n;

	*ret = (struct forwarded_as){0};
	n = f->forwarded ? read_forwarded(f->forwarded, hops) : 0;
	read_client(f, hops, n, trusted, ret);
	if (n) {
		(void) strcpy(host, hops[n - 1].host);
		(void) strcpy(proto, hops[n - 1].proto);
	}
	if (!*host)
		last_of(f->host, host, sizeof(host));
	if (!*proto)
		last_of(f->proto, proto, sizeof(proto));
	last_of(f->port, port, sizeof(port));
	if (!*host || !authority_parse(host, &ret->host))
		ret->host = (struct authority){0};
	if (strcasecmp(proto, "https") == 0 || strcasecmp(proto, "wss") == 0)
		ret->scheme = SCHEME_HTTPS;
	else if (strcasecmp(proto, "http") == 0 || strcasecmp(proto, "ws") == 0)
		ret->scheme = SCHEME_HTTP;
	ret->port = port_of(port);
}
