/* norn doctor: what is missing on this machine for each kind of source, and how to get it. One row a
 * check; doctor_*.c has them. */
#include "app/doctor.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/doctor_capture.h"
#include "app/doctor_checks.h"
#include "app/doctor_machine.h"
#include "app/doctor_network.h"
#include "base/mem.h"

static const struct check checks[] = {
	{"user", doctor_user},
	{"Wi-Fi: interfaces", doctor_radios},
	{"Wi-Fi: rfkill", doctor_rfkill},
	{"Wi-Fi: NetworkManager", doctor_networkmanager},
	{"sensors: port", doctor_sensors},
	{"positions: GPS", doctor_gps},
	{"manufacturers", doctor_vendors},
	{"web interface", doctor_web},
	{"HTTP: port", doctor_http},
	{"state folder", doctor_state},
	{"logs: folder", doctor_logs},
	{"clock", doctor_clock},
};

void doctor_print(enum verdict v, const char *subject, const char *text)
{
	static const char *const words[] = {[GOOD] = "ok", [ABSENT] = "absent", [MISSING] = "MISSING"};

	(void) printf("%-8s %-24s %s\n", words[v], subject, text);
}

const char *doctor_path(const char *path)
{
	static char below[PATH_MAX];
	const char *root = getenv("NORN_DOCTOR_ROOT");

	(void) snprintf(below, sizeof(below), "%s%s", root ? root : "", path);
	return below;
}

int doctor_run(const struct app *a, unsigned errors)
{
	unsigned missing = errors;

	if (errors) {
		char text[80];

		(void) snprintf(text, sizeof(text), "%u error%s, see above; norn --check shows what would start",
				errors, errors == 1 ? "" : "s");
		doctor_print(MISSING, "configuration", text);
	}
	missing += doctor_sources(a);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		struct buf say = {0};
		enum verdict v = checks[i].run(a, &say);

		doctor_print(v, checks[i].subject, buf_text(&say));
		missing += v == MISSING;
		buf_finish(&say);
	}
	(void) printf("%u missing\n", missing);
	return missing ? 1 : 0;
}
