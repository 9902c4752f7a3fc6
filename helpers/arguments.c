#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELPER_KEY_SIZE 1024

static const struct option options[] = {
	{"in-fd", required_argument, NULL, 'i'},
	{"out-fd", required_argument, NULL, 'o'},
	{"list", no_argument, NULL, 'l'},
	{"connect", required_argument, NULL, 'c'},
	{"tcp", no_argument, NULL, 't'},
	{"ssl", no_argument, NULL, 'w'},
	{"ssl-certificate", required_argument, NULL, 'x'},
	{"user", required_argument, NULL, 'u'},
	{"password", required_argument, NULL, 'p'},
	{"apikey", required_argument, NULL, 'k'},
	{"endpoint", required_argument, NULL, 'e'},
	{"key", required_argument, NULL, 'K'},
	{"key-file", required_argument, NULL, 'F'},
	{"source", required_argument, NULL, 's'},
	{"fixed-gps", required_argument, NULL, 'g'},
	{"gps-name", required_argument, NULL, 'n'},
	{"autodetect", optional_argument, NULL, 'a'},
	{"disable-retry", no_argument, NULL, 'r'},
	{"daemonize", no_argument, NULL, 'd'},
	{"version", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static void help(const char *name)
{
	(void) printf(
		"%s: captures for a norn server, here or elsewhere\n"
		"  --list                       print the interfaces that it could capture\n"
		"  --connect=HOST:PORT          send what it captures to a server elsewhere\n"
		"  --tcp                        over plain TCP (port 3501), not a websocket "
		"(2501)\n"
		"  --ssl                        the websocket by TLS (httpd_ssl= of the server)\n"
		"  --ssl-certificate=FILE       trust this certificate (PEM), not the machine's "
		"authorities\n"
		"  --user=, --password=, --apikey=, --endpoint=   of the websocket\n"
		"  --key-file=FILE              with --tcp: the first line is the remote_capture_key= of the server\n"
		"  --key=KEY                    the same, but every user of this machine can see it\n"
		"  --source=DEFINITION          what to capture, with --connect\n"
		"  --autodetect[=UUID]          wait until a server announces itself, and connect "
		"to it\n"
		"  --fixed-gps=LAT,LON[,ALT]    position of this sensor, in degrees and metres\n"
		"  --gps-name=NAME              name of that position\n"
		"  --disable-retry              end when the connection is lost\n"
		"  --daemonize                  go to the background\n"
		"  --in-fd=N --out-fd=N         pipes of the server that started it\n",
		name);
}

static int take_host(const char *text, struct helper_arguments *a)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t) (colon - text) : 0;
	unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : 0;

	if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(a->host) || port == 0 || port > 65535) {
		(void) fprintf(stderr, "--connect=%s: expected HOST:PORT, such as 192.0.2.1:3501\n", text);
		return -1;
	}
	memcpy(a->host, text, n);
	a->host[n] = '\0';
	a->port = (unsigned) port;
	return 0;
}

static int take_gps(const char *text, struct helper_arguments *a)
{
	int n = sscanf(text, "%lf,%lf,%lf", &a->lat, &a->lon, &a->alt);

	a->has_gps = n >= 2 && a->lat >= -90 && a->lat <= 90 && a->lon >= -180 && a->lon <= 180;
	if (a->has_gps)
		return 0;
	(void) fprintf(stderr, "--fixed-gps=%s: expected LAT,LON or LAT,LON,ALT in degrees and metres\n", text);
	return -1;
}

static int take_key(const char *path, struct helper_arguments *a)
{
	static char key[HELPER_KEY_SIZE];
	FILE *in = fopen(path, "re");
	bool have = in && fgets(key, sizeof(key), in);

	if (in)
		(void) fclose(in);
	key[strcspn(key, "\r\n")] = '\0';
	a->key = key;
	if (have && *key)
		return 0;
	(void) fprintf(stderr, "--key-file=%s: the first line cannot be read or is empty; it has to be the key\n",
		       path);
	return -1;
}

static int take(int option, const char *text, struct helper_arguments *a, const char *name)
{
	switch (option) {
	case 'i': a->in_fd = atoi(text); return 0;
	case 'o': a->out_fd = atoi(text); return 0;
	case 'l': a->list = true; return 0;
	case 'c': return take_host(text, a);
	case 't': a->tcp = true; return 0;
	case 'w': a->ssl = true; return 0;
	case 'x':
		a->ssl = true;
		a->ssl_certificate = text;
		return 0;
	case 'u': a->user = text; return 0;
	case 'p': a->password = text; return 0;
	case 'k': a->apikey = text; return 0;
	case 'e': a->endpoint = text; return 0;
	case 'K': a->key = text; return 0;
	case 'F': return take_key(text, a);
	case 's': a->source = text; return 0;
	case 'g': return take_gps(text, a);
	case 'n': a->gps_name = text; return 0;
	case 'r': a->retry = false; return 0;
	case 'a':
		a->autodetect = true;
		a->server_uuid = text;
		return 0;
	case 'd': a->daemonize = true; return 0;
	case 'v': (void) puts(NORN_VERSION); return 1;
	case 'h': help(name); return 1;
	default: return -1;
	}
}

int arguments_parse(int argc, char **argv, struct helper_arguments *ret)
{
	int option, r;

	*ret = (struct helper_arguments){.in_fd = -1, .out_fd = -1, .retry = true};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		r = take(option, optarg, ret, argv[0]);
		if (r != 0)
			return r;
	}
	if (ret->host[0])
		ret->autodetect = false;
	if (ret->autodetect)
		ret->tcp = true; /* what is announced is the plain port */
	if (ret->ssl && ret->tcp) {
		(void) fprintf(stderr,
			       "--ssl is for websockets (httpd_ssl= of the server) and cannot be used with --tcp\n");
		return -1;
	}
	if (ret->list || (ret->in_fd >= 0 && ret->out_fd >= 0) || ((ret->host[0] || ret->autodetect) && ret->source))
		return 0;
	(void) fprintf(stderr, ret->host[0] || ret->autodetect
				       ? "--connect needs --source=DEFINITION, such as --source=wlan0\n"
				       : "This program is started by the norn server; to run it as a sensor, give "
					 "--connect (see --help)\n");
	return -1;
}
