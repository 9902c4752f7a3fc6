#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "app/doctor_machine.h"
#include "app/doctor_checks.h"
#include "app/doctor.h"
#include "app/serving.h"
#include "base/mem.h"
#include "track/vendor.h"

#define LOW_DISK_MB 500
#define OLD_YEARS 3
#define EARLIEST 1735689600 /* 2025-01-01: norn is younger */

enum verdict doctor_user(const struct app *a, struct buf *say)
{
	const struct passwd *user = getpwuid(geteuid());

	(void) a;
	buf_printf(say, "%s", user ? user->pw_name : "a user without a name");
	if (geteuid() == 0)
		buf_str(say, ", which norn does not need: capture programs have the privileges; systemctl start norn "
			     "runs the "
			     "server as the user norn");
	else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		buf_str(say,
			", without a way to gain privileges: capture programs are started through sockets of systemd");
	return GOOD;
}

/* Where the vendors of addresses are. */
enum verdict doctor_vendors(const struct app *a, struct buf *say)
{
	const char *own = a->conf.track.oui_file;
	char found[VENDORS_PATH_SIZE];
	const char *path = own ? own : found;
	struct stat st;
	struct tm tm;

	if ((own ? access(own, R_OK) < 0 : !vendors_file(doctor_path(""), found)) || stat(path, &st) < 0) {
		if (own)
			buf_printf(say, "%s cannot be read: devices have no manufacturers; correct ouifile=", own);
		else
			buf_str(say,
				"no list of vendors is installed: devices have no manufacturers; apt install udev");
		return own ? MISSING : ABSENT;
	}
	(void) gmtime_r(&st.st_mtime, &tm);
	buf_printf(say, "%s, of %d-%02d", path, tm.tm_year + 1900, tm.tm_mon + 1);
	if (st.st_mtime < time(NULL) - OLD_YEARS * 365L * 86400)
		buf_str(say, "; for a newer one, apt install udev, or set ouifile=");
	return GOOD;
}

enum verdict doctor_web(const struct app *a, struct buf *say)
{
	cleanup_free char *folder = serving_web_folder(a), *path = xalloc(strlen(folder) + sizeof("/index.html"));

	(void) sprintf(path, "%s/index.html", folder);
	if (access(path, R_OK) == 0)
		return says(say, GOOD, folder);
	buf_printf(say, "no %s: browsers see a plain list; build with npm installed, or set httpd_home=", path);
	return ABSENT;
}

/* The folder, or the one that it would be made in. */
static char *nearest(const char *path)
{
	char *at = xstrdup(path && *path ? path : "."), *slash;

	while (access(at, F_OK) != 0 && errno == ENOENT && (slash = strrchr(at, '/')) && slash != at)
		*slash = '\0';
	return at;
}

static enum verdict check_folder(const char *path, const char *option, struct buf *say)
{
	cleanup_free char *at = nearest(path);
	unsigned long long free_mb;
	struct statvfs fs;

	if (access(at, W_OK | X_OK) != 0) {
		buf_printf(say, "%s: %s; give it to the user that norn runs as (chown), or set %s", at, strerror(errno),
			   option);
		return MISSING;
	}
	buf_printf(say, "%s can be written", path && *path ? path : ".");
	if (statvfs(at, &fs) != 0)
		return GOOD;
	free_mb = (unsigned long long) fs.f_bavail * fs.f_frsize / 1000000;
	buf_printf(say, ", %llu MB free", free_mb);
	if (free_mb >= LOW_DISK_MB)
		return GOOD;
	buf_printf(say, "; make room, or set %s to another disk", option);
	return MISSING;
}

enum verdict doctor_state(const struct app *a, struct buf *say)
{
	return check_folder(a->conf.server.folder, "configdir= or --homedir", say);
}

enum verdict doctor_logs(const struct app *a, struct buf *say)
{
	if (!a->conf.logs.enabled || a->conf.logs.types.n == 0)
		return says(say, GOOD,
			    a->conf.logs.enabled ? "no logs are configured (log_types=)"
						 : "no logs are written (enable_logging=false)");
	return check_folder(a->conf.logs.prefix, "log_prefix=", say);
}

enum verdict doctor_clock(const struct app *a, struct buf *say)
{
	struct timex t = {0};
	int state = adjtimex(&t);
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	(void) a;
	(void) strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", gmtime_r(&now, &tm));
	buf_str(say, text);
	if (now < EARLIEST)
		return says(say, MISSING,
			    ", which is wrong: packets would be older than those of earlier runs; "
			    "apt install systemd-timesyncd, or as root: date -s");
	if (state < 0 || t.status & STA_UNSYNC)
		return says(say, ABSENT,
			    ", not synchronised: sensors and logs may disagree; apt install systemd-timesyncd");
	return says(say, GOOD, ", synchronised by NTP");
}
