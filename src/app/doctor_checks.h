/* Checks of norn doctor: one function a check; it looks, says what it found, and changes nothing. */
#pragma once
#include <stdint.h>

#include "app/state.h"
#include "base/buf.h"

enum verdict {
	GOOD,    /* nothing to do */
	ABSENT,  /* something does not work here that the configuration does not ask for */
	MISSING, /* the server does not work as it is configured: exit status 1 */
};

struct check {
	const char *subject;
	enum verdict (*look)(const struct app *a, struct buf *say);
};

/* Adds the sentence; the verdict. */
static inline enum verdict says(struct buf *say, enum verdict v, const char *text)
{
	buf_str(say, text);
	return v;
}

/* Prints one line. */
void doctor_print(enum verdict v, const char *subject, const char *text);
/* The path of a file of the system: itself, or below NORN_DOCTOR_ROOT, which tests set. Valid until the
 * next call. */
const char *doctor_path(const char *path);

/* doctor_capture.c: what is captured. */
/* A line for each source of the configuration and for each kind; how many are MISSING. */
unsigned doctor_sources(const struct app *a);
enum verdict doctor_radios(const struct app *a, struct buf *say);
enum verdict doctor_rfkill(const struct app *a, struct buf *say);
enum verdict doctor_networkmanager(const struct app *a, struct buf *say);

/* doctor_network.c: what is listened on, and who is connected to. */
enum verdict doctor_http(const struct app *a, struct buf *say);
enum verdict doctor_sensors(const struct app *a, struct buf *say);
enum verdict doctor_gps(const struct app *a, struct buf *say);

/* doctor_machine.c: files, room, time. */
enum verdict doctor_user(const struct app *a, struct buf *say);
enum verdict doctor_vendors(const struct app *a, struct buf *say);
enum verdict doctor_web(const struct app *a, struct buf *say);
enum verdict doctor_state(const struct app *a, struct buf *say);
enum verdict doctor_logs(const struct app *a, struct buf *say);
enum verdict doctor_clock(const struct app *a, struct buf *say);
