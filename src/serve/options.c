/* Options: the web server and its logins. */
#include "serve/options.h"

#define O struct serve_conf
static const struct option_row rows[] = {
	OPTION(O, "httpd_port", port, 2501, RANGE(0, 65535), AT_START,
	       "Port that the server listens on; 0: any free one."),
	OPTION(O, "httpd_bind_address", bind_addresses, "127.0.0.1", NO_RANGE, AT_START | OPTION_COMMAS,
	       "Addresses to listen on, IPv4 or IPv6; beyond loopback everything needs a login."),
	OPTION(O, "httpd_unix_socket", unix_socket, "", NO_RANGE, PATH_AT_START, "Unix socket to listen on as well."),
	OPTION(O, "httpd_require_login", require_login, auto, ONE_OF("auto", "always", "never"), AT_START,
	       "Whether reading needs a login; auto: beyond loopback."),
	OPTION(O, "httpd_username", username, "", NO_RANGE, AT_START,
	       "Name of the administrator's login; empty: set in the web interface."),
	OPTION(O, "httpd_password", password, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "Password of the administrator's login, in plain text."),
	OPTION(O, "httpd_password_hash", password_hash, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "Hash of the password, instead of httpd_password: the output of mkpasswd -m yescrypt."),
	OPTION(O, "httpd_auth_file", auth_file, "%h/.norn/kismet_httpd.conf", NO_RANGE, PATH_AT_START,
	       "File of the login that is set in the web interface or by norn --set-password."),
	OPTION(O, "httpd_session_db", session_file, "%h/.norn/session.db", NO_RANGE, PATH_AT_START,
	       "File of sessions and API keys, as hashes."),
	OPTION(O, "httpd_session_timeout", session_timeout_sec, 7200, RANGE(60, 31536000), AT_START,
	       "Seconds after which an unused session ends."),
	OPTION(O, "norn_request_seconds", request_sec, 5, RANGE(1, 3600), AT_START,
	       "Seconds of processor time that a request may take; a long reply gets more as it is sent."),
	OPTION(O, "httpd_uri_prefix", uri_prefix, "", NO_RANGE, AT_START,
	       "Prefix of all paths, for a proxy that passes it on."),
	OPTION(O, "httpd_home", chosen_home, "", NO_RANGE, PATH_AT_START,
	       "Folder of the web interface; empty: the installed one."),
	OPTION(O, "httpd_content_security_policy", page_policy, "", NO_RANGE, AT_START,
	       "Content-Security-Policy of pages that are not norn's own: of another httpd_home, and of plugins. "
	       "Empty: pages of httpd_home may run inline code and frame each other, those of plugins neither."),
	OPTION(O, "httpd_allowed_host", allowed_hosts, "", NO_RANGE, AT_START | OPTION_COMMAS,
	       "Host names under which commands are accepted, besides localhost, addresses and this machine's own "
	       "name: sensor.example.org, or with a port."),
	OPTION(O, "httpd_trusted_proxy", trusted_proxies, "", NO_RANGE, AT_START | OPTION_COMMAS,
	       "Reverse proxies whose Forwarded and X-Forwarded-... headers are trusted: 192.0.2.1, 10.0.0.0/8, or "
	       "unix for the socket; see doc/proxy.md."),
	OPTION(O, "httpd_allow_cors", allow_cors, false, NO_RANGE, AT_START,
	       "Allow pages of other origins to read (CORS)."),
	OPTION(O, "httpd_allowed_origin", allowed_origin, "", NO_RANGE, AT_START,
	       "The only other origin that may read; empty: any."),
	OPTION(O, "httpd_ekjson_flatten", flat_ekjson, false, NO_RANGE, AT_START,
	       "ekjson writes '_' for '.' in names, as Elasticsearch expects."),
	OPTION(O, "httpd_ssl", tls, false, NO_RANGE, AT_START, "Serve by TLS."),
	OPTION(O, "httpd_ssl_cert", tls_cert, "", NO_RANGE, PATH_AT_START, "Certificate chain, PEM."),
	OPTION(O, "httpd_ssl_key", tls_key, "", NO_RANGE, PATH_AT_START, "Private key of the certificate, PEM."),
};
const struct option_table serve_options = OPTION_TABLE(O, "httpd", "The web server and its logins.", rows);
