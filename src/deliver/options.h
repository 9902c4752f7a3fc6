/* Options: where alerts are sent. */
#pragma once
#include "conf/option.h"

struct delivery_conf {
	struct string_list syslog;   /* "udp:HOST:PORT", "tcp:HOST:PORT" or "unix:PATH" */
	struct string_list webhooks; /* URLs */
	struct string_list headers;  /* "Name: value", of every webhook */
	char *ca_file;               /* of webhooks; NULL: the system's */
	uint32_t facility;           /* of syslog, 0 to 23 */
	uint32_t severity;           /* alerts below it stay here */
	uint32_t tries;              /* of one alert, before it is given up */
};
extern const struct option_table delivery_options;
