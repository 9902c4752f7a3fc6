/* norn doctor: sources, the programs that capture for them, and radios. */
#pragma once
#include "app/doctor_checks.h"

/* A line for each source of the configuration and for each kind; how many are MISSING. */
unsigned doctor_sources(const struct app *a);
enum verdict doctor_radios(const struct app *a, struct buf *say);
enum verdict doctor_rfkill(const struct app *a, struct buf *say);
enum verdict doctor_networkmanager(const struct app *a, struct buf *say);
