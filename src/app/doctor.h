/* norn doctor: what is missing on this machine, and how to get it. */
#pragma once
#include "app/doctor_checks.h"

struct app;

/* Prints one line a check. `errors`: of the configuration, already logged. 0, or 1 when something is
 * missing that norn needs as it is configured. */
int doctor_run(const struct app *a, unsigned errors);

/* Prints one line. */
void doctor_print(enum verdict v, const char *subject, const char *text);
/* The path of a file of the system: itself, or below NORN_DOCTOR_ROOT, which tests set. Valid until the
 * next call. */
const char *doctor_path(const char *path);
