#include "serve/setup.h"

#include <ctype.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"
#include "serve/login.h"

#define LETTERS "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" /* 32, no two of which look alike */
#define GROUP 4

struct setup {
	char token[SETUP_TOKEN_SIZE];
	char *path;
};

static void make_token(char ret_token[SETUP_TOKEN_SIZE])
{
	uint8_t random[SETUP_TOKEN_SIZE];

	if (gnutls_rnd(GNUTLS_RND_KEY, random, sizeof(random)) < 0)
		abort(); /* without randomness no one can be let in */
	for (size_t i = 0; i + 1 < SETUP_TOKEN_SIZE; i++)
		ret_token[i] = i % (GROUP + 1) == GROUP ? '-' : LETTERS[random[i] % (sizeof(LETTERS) - 1)];
	ret_token[SETUP_TOKEN_SIZE - 1] = '\0';
}

struct setup *setup_begin(const char *path)
{
	struct setup *s = xnew(struct setup, 1);
	struct buf b = {0};
	int r = 0;

	make_token(s->token);
	if (path) {
		s->path = xstrdup(path);
		buf_printf(&b, "%s\n", s->token);
		r = replace_file(path, &b);
		explicit_bzero(b.p, b.len);
		buf_finish(&b);
	}
	log_private("No login is set. The web interface asks for this token when it sets the first one: %s", s->token);
	if (r < 0)
		log_warning("The token for the first login cannot be written to '%s': %s", path, err_text(r));
	else if (path)
		log_info("The token for the first login is also in %s; norn --set-password needs none", path);
	return s;
}

void setup_clear(const char *path)
{
	if (path)
		(void) unlink(path);
}

void setup_end(struct setup *s)
{
	if (!s)
		return;
	setup_clear(s->path);
	free(s->path);
	explicit_bzero(s, sizeof(*s));
	free(s);
}

bool setup_is_right(const struct setup *s, const char *token)
{
	char plain[SETUP_TOKEN_SIZE] = "", mine[SETUP_TOKEN_SIZE] = "";
	size_t n = 0, m = 0;

	for (; *token && n + 1 < sizeof(plain); token++)
		if (isalnum((unsigned char) *token))
			plain[n++] = (char) toupper((unsigned char) *token);
	for (const char *p = s->token; *p; p++)
		if (*p != '-')
			mine[m++] = *p;
	return same_text(plain, mine);
}

void setup_where(const char *path, char *ret_sentence, size_t size)
{
	(void) snprintf(ret_sentence, size,
			"The first login needs the token that norn printed on its terminal and in its log when it "
			"started%s%s; 'norn --set-password' on that machine needs none.",
			path ? ", and that is also in " : "", path ? path : "");
}
