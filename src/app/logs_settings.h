/* What the options say of logs. */
#pragma once
#include "app/state.h"

/* What the options say of logs. */
struct log_conf logs_settings(const struct app *a);
