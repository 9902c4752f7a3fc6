/* norn doctor: what is missing on this machine, and how to get it. */
#pragma once

struct app;

/* Prints one line a check. `errors`: of the configuration, already told. 0, or 1 when something is
 * missing that norn needs as it is configured. */
int doctor_run(const struct app *a, unsigned errors);
