/* The program. */
#pragma once
#include "app/state.h"

/* Runs the server until SIGTERM or SIGINT; the process's exit code. */
int app_run(int argc, char **argv);
