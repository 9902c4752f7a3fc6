/* Joins the rooms: starts and stops them in order, and hands each packet on its way. */
#pragma once

/* Runs the server until SIGTERM or SIGINT; the process's exit code. */
int app_run(int argc, char **argv);
