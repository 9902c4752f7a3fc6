/* Options: the web server and its logins. */
#pragma once
#include <sys/types.h>

#include "conf/option.h"

struct route_table;

enum require_login { LOGIN_AUTO, LOGIN_ALWAYS, LOGIN_NEVER };

/* Texts may be NULL. */
struct serve_conf {
	struct string_list bind_addresses; /* IPv4 or IPv6 */
	char *unix_socket;                 /* its path; NULL: none */
	uint32_t port;                     /* 0: any, see serve_port() */
	char *username, *password;         /* of the main file; NULL: those of auth_file */
	char *password_hash;               /* instead of password, as crypt(3) makes it */
	char *auth_file;                   /* where set_password keeps the login; NULL: nowhere */
	char *session_file;                /* API keys and sessions; NULL: not kept */
	uint32_t session_timeout_sec;
	uint32_t request_sec;  /* of processor time, that a request may take */
	uint8_t require_login; /* enum require_login */
	char *uri_prefix;
	char *chosen_home; /* httpd_home; which folder is served, `home` says */
	char *page_policy; /* Content-Security-Policy of pages that are not norn's own; NULL: see statics.c */
	bool allow_cors;
	char *allowed_origin;               /* NULL: the request's */
	struct string_list allowed_hosts;   /* further names of this server */
	struct string_list trusted_proxies; /* addresses, with masks, or "unix" */
	bool flat_ekjson;                   /* '_' for '.' in ekjson */
	bool tls;
	char *tls_cert, *tls_key; /* PEM files */
	/* Members that are not options of this room. */
	const char *auth_file_old; /* read when auth_file does not exist */
	const char *setup_file;    /* where the token of the first password is written; NULL: nowhere */
	const char *home;          /* static files, or NULL */
	const char *map_tiles;     /* URL of tiles that pages may load, or NULL */
	/* The folder of the files under /plugin/NAME/, NAME of n octets; false: none. NULL: no plugins. */
	bool (*plugin_folder)(void *ctx, const char *name, size_t n, char *ret, size_t size);
	const struct route_table *const *tables; /* NULL terminated */
	void *ctx;
};
extern const struct option_table serve_options;
