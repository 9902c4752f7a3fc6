/* The administrator's login: from the main configuration, or from a file that a user sets. Passwords
 * in the file are hashed (yescrypt, httpd_password_hash=); plain ones (httpd_password=) are understood, as Kismet's
 * file has them, and may begin with any character. Any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct serve_conf;

enum login_state {
	LOGIN_UNSET,  /* commands are refused; set_password asks for a token, serve/setup.h */
	LOGIN_FILE,   /* set by a user */
	LOGIN_GLOBAL, /* in the main configuration */
};

struct logins;
struct logins *logins_open(const struct serve_conf *conf);
void logins_close(struct logins *l);
enum login_state logins_state(struct logins *l);
/* Reads the file again when it is another (norn --set-password); true when the login changed. One thread. */
bool logins_reload(struct logins *l);
/* A text that differs for each login; it holds the password, and the caller wipes and frees it. */
char *logins_text(struct logins *l);
/* The present name. */
void logins_user(struct logins *l, char *ret_user, size_t size);

enum login_result { LOGIN_RIGHT, LOGIN_WRONG, LOGIN_UNPROVEN, LOGIN_LATER };
/* The result as far as it is known without hashing: UNPROVEN asks for logins_prove(). */
enum login_result logins_known(struct logins *l, const char *user, const char *password);
/* Hashes where the login is kept as a hash, which takes a tenth of a second; what proves right is remembered for five
 * minutes. */
bool logins_prove(struct logins *l, const char *user, const char *password);
int logins_set(struct logins *l, const char *user, const char *password);
/* Takes as long for a wrong text as for a right one of its length. */
bool same_text(const char *a, const char *b);
