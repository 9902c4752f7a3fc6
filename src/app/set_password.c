#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "app/set_password.h"
#include "app/state.h"
#include "base/err.h"
#include "base/mem.h"
#include "serve/owner.h"

#define PASSWORD_SIZE 258

/* One line, not shown where it is typed; false at the end of input. */
static bool read_line(const char *prompt, char ret[PASSWORD_SIZE])
{
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0, got;

	if (terminal) {
		(void) fputs(prompt, stderr);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t) ECHO;
		(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(ret, PASSWORD_SIZE, stdin);
	if (terminal) {
		(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		(void) fputc('\n', stderr);
	}
	ret[got ? strcspn(ret, "\r\n") : 0] = '\0';
	return got;
}

/* Twice at a terminal, where a slip of the finger is not seen. */
static bool ask(char ret[PASSWORD_SIZE])
{
	char again[PASSWORD_SIZE];
	bool same;

	if (!read_line("New password: ", ret)) {
		(void) fputs("Nothing was changed: standard input has no password.\n", stderr);
		return false;
	}
	if (!isatty(STDIN_FILENO))
		return true;
	same = read_line("Again: ", again) && strcmp(ret, again) == 0;
	explicit_bzero(again, sizeof(again));
	if (!same)
		(void) fputs("The two passwords differ; nothing was changed.\n", stderr);
	return same;
}

/* Set by root, the file is read by the user whose folder it is in, such as the service's. */
static void give_to_owner(const char *path)
{
	cleanup_free char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	struct stat st;

	if (geteuid() != 0 || !slash)
		return;
	*slash = '\0';
	if (stat(folder, &st) == 0 && st.st_uid != 0 && chown(path, st.st_uid, st.st_gid) != 0)
		(void) fprintf(stderr,
			       "Cannot give %s to the owner of its folder: %s; the server may not be able to read it\n",
			       path, strerror(errno));
}

int set_password_run(struct app *a)
{
	const struct serve_conf *c = &a->conf.serve;
	char password[PASSWORD_SIZE];
	int r;

	if (c->password || c->password_hash) {
		(void) fputs("Nothing was changed: the login is httpd_password= of the configuration, which you can "
			     "change there.\n",
			     stderr);
		return 1;
	}
	if (!ask(password))
		return 1;
	r = serve_keep_password(c, a->arguments.user, password);
	explicit_bzero(password, sizeof(password));
	if (r == ERR_MALFORMED)
		(void) fputs(
			"Nothing was changed: a name has 1 to 127 octets and no ':', a password 1 to 255 octets.\n",
			stderr);
	if (r >= 0 && c->auth_file)
		give_to_owner(c->auth_file);
	if (r >= 0)
		(void) printf("The login was written to %s; a running server uses it within a second.\n",
			      or_empty(c->auth_file));
	return r < 0;
}
