/* norn doctor: who runs it, files, room on disks, time. */
#pragma once
#include "app/doctor_checks.h"

/* doctor_machine.c: files, room, time. */
enum verdict doctor_user(const struct app *a, struct buf *say);
enum verdict doctor_vendors(const struct app *a, struct buf *say);
enum verdict doctor_web(const struct app *a, struct buf *say);
enum verdict doctor_state(const struct app *a, struct buf *say);
enum verdict doctor_logs(const struct app *a, struct buf *say);
enum verdict doctor_clock(const struct app *a, struct buf *say);
