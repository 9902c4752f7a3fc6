/* norn --set-password: who sits at the machine sets the login, without a token and without the old password. */
#pragma once
#include "app/state.h"

/* --set-password: asks for a password, or reads it from standard input when that is no terminal; 0 or 1. */
int set_password_run(struct app *a);
