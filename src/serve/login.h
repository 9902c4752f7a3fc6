/* The administrator's login: from the main configuration, or from a file that a user sets. Passwords
 * in the file are hashed (yescrypt); plain ones from Kismet's file are understood. Any thread. */
#pragma once
#include "serve/serve.h"

struct logins;
struct logins *logins_open(const struct serve_conf *conf);
void logins_close(struct logins *l);
enum login_state logins_state(struct logins *l);

enum login_result { LOGIN_RIGHT, LOGIN_WRONG, LOGIN_UNPROVEN };
/* What is known without hashing: UNPROVEN asks for logins_prove(). */
enum login_result logins_known(struct logins *l, const char *user, const char *password);
/* Hashes, which takes a tenth of a second; what proves right is remembered for five minutes. */
bool logins_prove(struct logins *l, const char *user, const char *password);
int logins_set(struct logins *l, const char *user, const char *password);
/* Takes as long for a wrong text as for a right one of its length. */
bool same_text(const char *a, const char *b);
