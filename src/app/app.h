/* Joins the rooms: starts and stops them in order, and hands each packet on its way. */
#pragma once
#include "app/state.h"

/* Runs the server until SIGTERM or SIGINT; the process's exit code. */
int app_run(int argc, char **argv);

/* The web interface's folder; the caller frees it (app.c). */
char *app_web_folder(const struct app *a);
