/* norn doctor: addresses to listen on, sensors, GPS. */
#pragma once
#include "app/doctor_checks.h"

/* doctor_network.c: what is listened on, and who is connected to. */
enum verdict doctor_http(const struct app *a, struct buf *say);
enum verdict doctor_sensors(const struct app *a, struct buf *say);
enum verdict doctor_gps(const struct app *a, struct buf *say);
