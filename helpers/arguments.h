/* The command line that all capture programs share. */
#pragma once
#include <stdbool.h>

struct helper_arguments {
	int in_fd, out_fd; /* -1: not given */
	bool list, tcp, ssl, retry, daemonize, autodetect;
	const char *user, *password, *apikey, *endpoint; /* of the websocket */
	const char *ssl_certificate;                     /* PEM file; NULL: the authorities of this machine */
	const char *key;                                 /* of the server, over plain TCP; NULL: none */
	const char *server_uuid;                         /* the only server to connect to; NULL: any */
	char host[256];
	unsigned port;
	const char *source, *gps_name;
	bool has_gps;
	double lat, lon, alt;
};

/* 0 to go on, 1 when all is said (--help, --version), negative for a mistake, reported on stderr. */
int arguments_parse(int argc, char **argv, struct helper_arguments *ret);
