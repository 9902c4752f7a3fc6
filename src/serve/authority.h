/* Names of servers in requests: Host (RFC 9110, 7.2), Origin (RFC 6454, 7) and Referer. Pure; any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTHORITY_HOST_SIZE 256

struct authority {
	char host[AUTHORITY_HOST_SIZE]; /* in small letters; an IPv6 address without its brackets */
	uint16_t port;                  /* 0: it names none */
};
/* "host", "host:2501" or "[::1]:2501"; false for anything else. */
bool authority_parse(const char *text, struct authority *ret);
/* Of "http://host:2501/path"; without a port the scheme's own. False for anything but http, https, ws and wss. */
bool authority_of_url(const char *url, struct authority *ret, bool *ret_tls);

enum host_kind { HOST_NAME, HOST_ADDRESS, HOST_LOOPBACK };
/* What the host of an authority is. "localhost" is loopback, as the addresses of 127.0.0.0/8 and ::1 are. */
enum host_kind host_kind(const char *host);
