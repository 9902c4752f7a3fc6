#include "serve/authority.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#define PORT_DIGITS 5

/* ":2501", or nothing. */
static bool parse_port(const char *text, uint16_t *ret)
{
	unsigned long port = 0;
	size_t n;

	*ret = 0;
	if (!*text)
		return true;
	if (*text++ != ':')
		return false;
	n = strspn(text, "0123456789");
	if (n == 0 || n > PORT_DIGITS || text[n])
		return false;
	for (size_t i = 0; i < n; i++)
		port = 10 * port + (unsigned long) (text[i] - '0');
	*ret = (uint16_t) port;
	return port > 0 && port <= UINT16_MAX;
}

/* What names and addresses consist of: no user, no path, no spaces. */
static bool is_host_char(char c, bool bracketed)
{
	if (isalnum((unsigned char) c) || c == '.')
		return true;
	return bracketed ? c == ':' : c == '-' || c == '_';
}

bool authority_parse(const char *text, struct authority *ret)
{
	bool bracketed = *text == '[';
	size_t n;

	text += bracketed;
	n = strcspn(text, bracketed ? "]" : ":");
	if (n == 0 || n >= sizeof(ret->host) || (bracketed && text[n] != ']'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_host_char(text[i], bracketed))
			return false;
		ret->host[i] = (char) tolower((unsigned char) text[i]);
	}
	ret->host[n] = '\0';
	return parse_port(text + n + bracketed, &ret->port);
}

bool authority_of_url(const char *url, struct authority *ret, bool *ret_tls)
{
	static const struct scheme {
		const char *text;
		uint16_t port;
		bool tls;
	} schemes[] = {
		{"http://", 80, false},
		{"https://", 443, true},
		{"ws://", 80, false},
		{"wss://", 443, true},
	};
	char text[AUTHORITY_HOST_SIZE + PORT_DIGITS + 4];

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t skip = strlen(schemes[i].text), n;

		if (strncasecmp(url, schemes[i].text, skip) != 0)
			continue;
		n = strcspn(url + skip, "/?#");
		if (n >= sizeof(text))
			return false;
		memcpy(text, url + skip, n);
		text[n] = '\0';
		if (!authority_parse(text, ret))
			return false;
		if (!ret->port)
			ret->port = schemes[i].port;
		*ret_tls = schemes[i].tls;
		return true;
	}
	return false;
}

enum host_kind host_kind(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (strcmp(host, "localhost") == 0)
		return HOST_LOOPBACK;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127 ? HOST_LOOPBACK : HOST_ADDRESS;
	if (inet_pton(AF_INET6, host, &v6) != 1)
		return HOST_NAME;
	return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127) ? HOST_LOOPBACK
												 : HOST_ADDRESS;
}
