/* norn doctor: what is missing on this machine for each kind of source, and how to get it. One row a
 * check; a check looks, and changes nothing. */
#include "app/doctor.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "app/state.h"
#include "base/buf.h"
#include "base/mem.h"
#include "capture/helper.h"

#define GPSD_PORT 2947
#define LOW_DISK_MB 500
#define WIFI_HELPER "norn_cap_linux_wifi"
#define WIFI_CAPS (1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW)

enum verdict {
	GOOD,    /* nothing to do */
	ABSENT,  /* that kind of source does not work here; the others do */
	MISSING, /* the server does not work as it is meant to: exit status 1 */
};

struct check {
	const char *subject;
	enum verdict (*look)(const struct app *a, struct buf *say);
};

static enum verdict says(struct buf *say, enum verdict v, const char *text)
{
	buf_str(say, text);
	return v;
}

/* Whether the kernel gives the file both capabilities when it is run (capabilities(7), "File
 * capabilities"). */
static bool file_is_capable(const char *path)
{
	struct vfs_ns_cap_data d = {0};
	ssize_t n = getxattr(path, "security.capability", &d, sizeof(d));

	return n >= (ssize_t) XATTR_CAPS_SZ_2 && (le32toh(d.data[0].permitted) & WIFI_CAPS) == WIFI_CAPS;
}

static enum verdict look_at_helper(const struct app *a, struct buf *say)
{
	const struct helper_places places = app_helper_places(a);
	char path[PATH_MAX], error[512] = "";
	struct statvfs fs;

	if (helper_find(&places, WIFI_HELPER, path, sizeof(path), error, sizeof(error)) < 0) {
		buf_printf(say, "%s; install the package norn-capture-linux-wifi, or name its folder with helper_binary_path=", error);
		return ABSENT;
	}
	if (geteuid() == 0) {
		buf_printf(say, "%s, run by root", path);
		return GOOD;
	}
	if (!file_is_capable(path)) {
		buf_printf(say, "%s has no capabilities; as root: setcap cap_net_admin,cap_net_raw+ep %s", path, path);
		return MISSING;
	}
	if (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOSUID) {
		buf_printf(say, "%s is on a file system mounted nosuid, where capabilities do not count; move it to another", path);
		return MISSING;
	}
	buf_printf(say, "%s, with its capabilities", path);
	return GOOD;
}

static enum verdict look_at_radios(const struct app *a, struct buf *say)
{
	glob_t found = {0};
	enum verdict v = GOOD;

	(void) a;
	if (glob("/sys/class/net/*/phy80211", 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *name = found.gl_pathv[i] + strlen("/sys/class/net/");

			buf_printf(say, "%s%.*s", i ? ", " : "", (int) strcspn(name, "/"), name);
		}
	} else {
		v = says(say, ABSENT, "no Wi-Fi interface; plug one in that has a driver with monitor mode (iw list), and see "
				      "`dmesg` for firmware that is not installed");
	}
	globfree(&found);
	return v;
}

static bool file_says(const char *path, char what)
{
	cleanup_fclose FILE *f = fopen(path, "re");

	return f && fgetc(f) == what;
}

static enum verdict look_at_rfkill(const struct app *a, struct buf *say)
{
	glob_t found = {0};
	enum verdict v = GOOD;

	(void) a;
	(void) glob("/sys/class/ieee80211/*/rfkill*", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char path[PATH_MAX];
		bool hard, soft;

		(void) snprintf(path, sizeof(path), "%s/hard", found.gl_pathv[i]);
		hard = file_says(path, '1');
		(void) snprintf(path, sizeof(path), "%s/soft", found.gl_pathv[i]);
		soft = file_says(path, '1');
		if (!hard && !soft)
			continue;
		buf_printf(say, "%s%s is switched off: %s", v == GOOD ? "" : "; ", found.gl_pathv[i],
			   hard ? "turn on the machine's radio switch" : "as root: rfkill unblock wifi");
		v = MISSING;
	}
	globfree(&found);
	return v == GOOD ? says(say, v, "no radio is switched off") : v;
}

/* Whether some process has that name. */
static bool runs(const char *name)
{
	glob_t found = {0};
	bool yes = false;

	(void) glob("/proc/[0-9]*/comm", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && !yes; i++) {
		cleanup_fclose FILE *f = fopen(found.gl_pathv[i], "re");
		char line[64] = "";

		yes = f && fgets(line, sizeof(line), f) && strncmp(line, name, strlen(name)) == 0 &&
		      line[strlen(name)] == '\n';
	}
	globfree(&found);
	return yes;
}

static enum verdict look_at_networkmanager(const struct app *a, struct buf *say)
{
	(void) a;
	return says(say, GOOD, runs("NetworkManager")
		? "runs; a card that norn shall have for itself: nmcli device set wlan0 managed no"
		: "does not run");
}

/* Whether a server listens there on this machine. */
static bool answers(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = fd >= 0 && connect(fd, (const struct sockaddr *) &to, sizeof(to)) == 0;

	if (fd >= 0)
		(void) close(fd);
	return yes;
}

static enum verdict look_at_gpsd(const struct app *a, struct buf *say)
{
	if (answers(GPSD_PORT))
		return says(say, GOOD, "answers on port 2947; gps=gpsd:host=localhost uses it");
	for (size_t i = 0; i < a->options.gps.n; i++)
		if (strstr(a->options.gps.items[i], "gpsd:host=localhost"))
			return says(say, MISSING, "does not run, but gps= asks for it; apt install gpsd, then: systemctl enable --now gpsd.socket");
	return says(say, ABSENT, "does not run: no places from a receiver here; apt install gpsd");
}

static enum verdict look_at_vendors(const struct app *a, struct buf *say)
{
	const char *path = a->options.ouifile ? a->options.ouifile : "/usr/share/ieee-data/oui.txt";

	if (access(path, R_OK) == 0)
		return says(say, GOOD, path);
	buf_printf(say, "%s cannot be read: devices have no manufacturers; %s", path,
		   a->options.ouifile ? "correct ouifile=" : "apt install ieee-data");
	return a->options.ouifile ? MISSING : ABSENT;
}

/* Whether the folder, or the one that it would be made in, can be written. */
static enum verdict look_at_folder(const char *path, const char *option, struct buf *say)
{
	cleanup_free char *at = xstrdup(path && *path ? path : ".");
	char *slash;

	while (access(at, F_OK) != 0 && errno == ENOENT && (slash = strrchr(at, '/')) && slash != at)
		*slash = '\0';
	if (access(at, W_OK | X_OK) == 0) {
		buf_printf(say, "%s can be written", path && *path ? path : ".");
		return GOOD;
	}
	buf_printf(say, "%s: %s; give it to the user that norn runs as (chown), or set %s", at, strerror(errno), option);
	return MISSING;
}

static enum verdict look_at_state(const struct app *a, struct buf *say)
{
	return look_at_folder(a->options.configdir, "configdir= or --homedir", say);
}

static enum verdict look_at_logs(const struct app *a, struct buf *say)
{
	const char *path = a->options.log_prefix ? a->options.log_prefix : ".";
	struct statvfs fs;
	unsigned long long free_mb;

	if (!a->options.enable_logging)
		return says(say, GOOD, "no logs are written (enable_logging=false)");
	if (look_at_folder(path, "log_prefix=", say) != GOOD)
		return MISSING;
	if (statvfs(path, &fs) != 0)
		return GOOD;
	free_mb = (unsigned long long) fs.f_bavail * fs.f_frsize / 1000000;
	buf_printf(say, ", %llu MB free", free_mb);
	if (free_mb >= LOW_DISK_MB)
		return GOOD;
	return says(say, MISSING, "; make room, or set log_prefix= to another disk or kis_log_rotate_free_mb=");
}

static enum verdict look_at_port(uint16_t port, const char *option, struct buf *say)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, error = 0;

	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (const struct sockaddr *) &at, sizeof(at)) != 0)
		error = errno;
	if (fd >= 0)
		(void) close(fd);
	if (!error) {
		buf_printf(say, "%u is free", port);
		return GOOD;
	}
	buf_printf(say, "%u: %s; end what has it (ss -ltnp, perhaps a norn that runs), or choose another with %s=", port,
		   strerror(error), option);
	return MISSING;
}

static enum verdict look_at_http_port(const struct app *a, struct buf *say)
{
	return look_at_port((uint16_t) a->options.httpd_port, "httpd_port", say);
}

static enum verdict look_at_sensor_port(const struct app *a, struct buf *say)
{
	if (!a->options.remote_capture_enabled)
		return says(say, ABSENT, "closed by remote_capture_enabled=false: sensors come by websocket only");
	return look_at_port((uint16_t) a->options.remote_capture_port, "remote_capture_port", say);
}

static enum verdict look_at_web(const struct app *a, struct buf *say)
{
	cleanup_free char *folder = app_web_folder(a), *path = xalloc(strlen(folder) + 16);

	(void) sprintf(path, "%s/index.html", folder);
	if (access(path, R_OK) == 0)
		return says(say, GOOD, folder);
	buf_printf(say, "no %s: browsers see a plain list; build with npm installed, or set httpd_home=", path);
	return ABSENT;
}

static const struct check checks[] = {
	{"Wi-Fi: helper", look_at_helper},
	{"Wi-Fi: interfaces", look_at_radios},
	{"Wi-Fi: rfkill", look_at_rfkill},
	{"Wi-Fi: NetworkManager", look_at_networkmanager},
	{"sensors: port", look_at_sensor_port},
	{"places: gpsd", look_at_gpsd},
	{"manufacturers", look_at_vendors},
	{"web interface", look_at_web},
	{"HTTP: port", look_at_http_port},
	{"state folder", look_at_state},
	{"logs: folder", look_at_logs},
};

int doctor_run(const struct app *a, unsigned errors)
{
	static const char *const words[] = {"ok", "absent", "MISSING"};
	unsigned missing = errors;

	if (errors)
		(void) printf("%-8s %-22s %u errors, see above; norn --check tells more\n", words[MISSING],
			      "configuration", errors);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		struct buf say = {0};
		enum verdict v = checks[i].look(a, &say);

		(void) printf("%-8s %-22s %s\n", words[v], checks[i].subject, buf_text(&say));
		missing += v == MISSING;
		buf_finish(&say);
	}
	(void) printf("%u missing\n", missing);
	return missing ? 1 : 0;
}
