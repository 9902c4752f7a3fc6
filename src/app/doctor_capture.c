#include <glob.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "app/doctor_capture.h"
#include "app/doctor_checks.h"
#include "app/doctor.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/drivers.h"
#include "capture/helper.h"
#include "capture/new_source.h"

#define RADIO_CAPS (1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW)

/* Whether the kernel gives the file both capabilities when it is run (capabilities(7), "File
 * capabilities"). */
static bool file_is_capable(const char *path)
{
	struct vfs_ns_cap_data d = {0};
	ssize_t n = getxattr(path, "security.capability", &d, sizeof(d));

	return n >= (ssize_t) XATTR_CAPS_SZ_2 && (le32toh(d.data[0].permitted) & RADIO_CAPS) == RADIO_CAPS;
}

/* What keeps a program of radios, which was found, from its privileges; NULL: nothing. */
static const char *powerless(const char *path)
{
	struct statvfs fs;

	if (geteuid() == 0 || strstr(path, ".socket"))
		return NULL;
	if (!file_is_capable(path))
		return "has no capabilities; as root: setcap cap_net_admin,cap_net_raw+ep";
	if (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOSUID)
		return "is on a file system mounted nosuid, where capabilities do not count; move it to another:";
	if (helper_confined())
		return "cannot get its capabilities from a server without the right to gain privileges; systemctl "
		       "enable --now "
		       "norn-capture-linux-wifi.socket, then again:";
	return NULL;
}

/* That a capture program is absent, and the package that it comes in: norn_cap_linux_wifi is in
 * norn-capture-linux-wifi, and Kismet's are named the same way. */
static void report_package(struct buf *say, const char *program)
{
	const char *rest = program ? strstr(program, "_cap_") : NULL;

	buf_printf(say, "no %s", or_empty(program));
	if (!rest)
		return;
	buf_printf(say, "; apt install %.*s-capture-", (int) (rest - program), program);
	for (rest += strlen("_cap_"); *rest; rest++)
		buf_char(say, *rest == '_' ? '-' : *rest);
	if (strncmp(program, "kismet", strlen("kismet")) == 0)
		buf_str(say, " (from Kismet's repository, www.kismetwireless.net/packages)");
}

static bool is_of_other_systems(const struct driver_helper *h)
{
	return strstr(h->type, "bsd") || strncmp(h->type, "osx", 3) == 0 || strcmp(h->type, "example") == 0;
}

/* The program of a kind of source. */
static enum verdict check_kind(const struct app *a, const struct driver_helper *h, struct buf *say)
{
	const struct helper_paths paths = capture_helper_paths(&a->conf.capture);
	bool radio = strcmp(h->type, "linuxwifi") == 0 || strcmp(h->type, "linuxbluetooth") == 0;
	char path[PATH_MAX], error[512] = "";
	const char *trouble;
	int r = ERR_NOT_FOUND;

	for (size_t i = 0; i < ARRAY_SIZE(h->names) && h->names[i] && r == ERR_NOT_FOUND; i++) {
		r = helper_find(&paths, h->names[i], path, sizeof(path), error, sizeof(error));
		if (r < 0)
			continue;
		trouble = radio ? powerless(path) : NULL;
		buf_printf(say, trouble ? "%s %s %s" : "%s", path, trouble, path);
		return trouble ? ABSENT : GOOD;
	}
	if (r == ERR_NOT_FOUND)
		report_package(say, h->names[0]);
	else
		buf_str(say, error);
	return ABSENT;
}

/* The kind that a definition of the configuration names or, for an interface, has. */
static const char *kind_of(const char *text, struct definition *d)
{
	char path[PATH_MAX];
	const char *type;

	if (definition_parse(text, d) < 0)
		return "";
	type = definition_get(d, "type");
	if (type)
		return type;
	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s/phy80211", d->interface);
	return access(doctor_path(path), F_OK) == 0 ? "linuxwifi" : "";
}

/* A source that is configured: would it start? */
static enum verdict check_source(const struct app *a, const char *text, struct buf *say)
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const char *kind = kind_of(text, d);
	const struct source_driver *driver = driver_of_type(kind);
	const struct driver_helper *h = driver ? driver_helper_of(driver) : NULL;
	char reason[SOURCE_TEXT_SIZE] = "";

	if (h && check_kind(a, h, say) != GOOD)
		return MISSING;
	buf_clear(say);
	if (capture_check(&a->conf.capture, text, reason) < 0) {
		buf_str(say, reason);
		return MISSING;
	}
	buf_printf(say, "would start%s%s", *reason ? "; " : "", reason);
	return GOOD;
}

unsigned doctor_sources(const struct app *a)
{
	unsigned missing = 0;
	uint32_t n;
	const struct source_driver *kinds = capture_drivers(&n);

	for (size_t i = 0; i < a->conf.capture.sources.n; i++) {
		const char *text = a->conf.capture.sources.items[i];
		struct buf say = {0};
		char subject[64];
		enum verdict v = check_source(a, text, &say);

		(void) snprintf(subject, sizeof(subject), "source=%.48s", text);
		doctor_print(v, subject, buf_text(&say));
		buf_finish(&say);
		missing += v == MISSING;
	}
	doctor_print(GOOD, "kind pcapfile", "captures and logs are read by the server itself, and so are pipes (-c -)");
	for (uint32_t i = 0; i < n; i++) {
		const struct driver_helper *h = driver_helper_of(&kinds[i]);
		struct buf say = {0};
		enum verdict v;
		char subject[64];

		if (!h || is_of_other_systems(h))
			continue;
		(void) snprintf(subject, sizeof(subject), "kind %s", kinds[i].type);
		v = check_kind(a, h, &say);
		doctor_print(v, subject, buf_text(&say));
		buf_finish(&say);
	}
	return missing;
}

enum verdict doctor_radios(const struct app *a, struct buf *say)
{
	glob_t found = {0};
	enum verdict v = GOOD;

	(void) a;
	if (glob(doctor_path("/sys/class/net/*/phy80211"), 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *name = found.gl_pathv[i] + strlen(doctor_path("/sys/class/net/"));

			buf_printf(say, "%s%.*s", i ? ", " : "", (int) strcspn(name, "/"), name);
		}
	} else {
		v = says(say, ABSENT,
			 "no Wi-Fi interface; plug in one whose driver has monitor mode (iw list), and see "
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

enum verdict doctor_rfkill(const struct app *a, struct buf *say)
{
	glob_t found = {0};
	enum verdict v = GOOD;

	(void) a;
	(void) glob(doctor_path("/sys/class/ieee80211/*/rfkill*"), 0, NULL, &found);
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

	(void) glob(doctor_path("/proc/[0-9]*/comm"), 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && !yes; i++) {
		cleanup_fclose FILE *f = fopen(found.gl_pathv[i], "re");
		char line[64] = "";

		yes = f && fgets(line, sizeof(line), f) && strncmp(line, name, strlen(name)) == 0 &&
		      line[strlen(name)] == '\n';
	}
	globfree(&found);
	return yes;
}

enum verdict doctor_networkmanager(const struct app *a, struct buf *say)
{
	(void) a;
	return says(say, GOOD,
		    runs("NetworkManager")
			    ? "runs; to keep it away from the capture interface: nmcli device set wlan0 managed no"
			    : "does not run");
}
