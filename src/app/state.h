/* The program while it runs: what start and stop, the packet's way and the settings share. */
#pragma once
#include <pthread.h>

#include "api/api.h"
#include "app/arguments.h"
#include "base/mem.h"
#include "conf/options.h"
#include "deliver/deliver.h"
#include "detect/detector.h"
#include "store/resume.h"

struct app {
	struct arguments arguments;
	struct options options;
	struct api api;
	struct serve *serve;
	struct message_bus *messages;
	struct alerts *alerts;
	struct detector *detector;
	struct delivery *delivery;
	const struct route_table **routes; /* ours and plugins' */
	char *notes_path;
	struct dot11_wep_key *wep_keys;
	uint32_t n_wep_keys;
	struct print_list beacon_elements, probe_elements;
	struct uav_rule *uav_rules;
	uint16_t n_uav_rules;
	char *web;                                  /* folder of the web interface */
	pthread_mutex_t notes_lock;                 /* the file is written by one at a time */
	_Atomic(const char *) metagps[SOURCES_MAX]; /* of sources that have places of their own */
	_Atomic bool live;                          /* a live source was opened: it cannot wait for logs */
	struct {
		uint64_t by_sources, by_logs, by_readers; /* packets that were told as lost */
		uint32_t lost_sec, waits_sec;             /* server second in which that was told last */
	} overload;
	struct resume_result resumed; /* when is_resumed */
	bool is_resumed;
	bool kept; /* the state folder can be written */
	/* What the server is told by reference */
	char *setup_file;
	const char **allowed_hosts, **trusted_proxies;
};

/* A text of the options that may be missing. */
static inline const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* The list with a NULL behind it; the caller frees it, not the texts. */
static inline const char **as_texts(const struct string_list *l)
{
	const char **texts = xnew(const char *, l->n + 1);

	for (size_t i = 0; i < l->n; i++)
		texts[i] = l->items[i];
	return texts;
}

/* Reads the configuration files and the command line into app->options: the number of errors, each
 * logged (settings.c). */
unsigned settings_read(struct app *a);
/* Prints every option as a file that starts the same server; on a terminal, without secrets. */
void settings_dump(const struct app *a);
/* Looks at the values that rooms take later: the number of errors, each told; what is wrong in Kismet's files makes
 * way for the default (values.c). */
unsigned values_check(struct options *o);
/* Tells why a value of an option cannot be had; ctx is the options. An option_fault_fn. */
unsigned values_fault(void *ctx, const char *name, const char *value, const char *reason);
/* What --check says: 0 when the server would start as it is meant to. */
int settings_check(struct app *a, unsigned errors);

/* --set-password: asks for a password, or reads it from standard input when that is no terminal; 0 or 1. */
int set_password_run(struct app *a);

/* The web interface's folder; the caller frees it (app.c). */
char *app_web_folder(const struct app *a);
/* Where capture programs are, by the options (app.c). */
struct helper_places app_helper_places(const struct app *a);
/* What sources get, by the options (app.c). */
struct capture_defaults app_capture_defaults(const struct app *a);

/* The packet's way: what sources call, on their threads (way.c). */
struct packet_sink way_sink(struct app *a);
/* What was heard before a fix gets a place (places.c); once a second. */
void places_fill(struct app *a, uint32_t now);
/* Whether a source's packets take another place than the best GPS'; ctx is the app. Any thread. */
bool places_has_own(void *ctx, uint16_t source);
/* The source's packets take the place of that GPS of type meta from now on; "": the best one's. */
void places_own(struct app *a, uint16_t source, const char *metagps);
/* The place of a packet that brings none. */
struct position places_find(struct app *a, uint16_t source, uint32_t now);
void places_forget(struct app *a);
/* What is new in the model becomes events; ctx is the app. */
void way_news(void *ctx, const struct news_item *item);

/* Makes the alerts and their rules; the number of settings that could not be read (detection.c). */
unsigned detection_start(struct app *a);
/* The number of settings of alerts that cannot be read; nothing stays. */
unsigned detection_check(struct app *a);
/* What the server tells of itself when it starts. */
void detection_raise_at_start(struct app *a);

/* Tells when packets wait or are lost (overload.c); once a second. */
void overload_watch(struct app *a, uint32_t now);

/* Reads the WEP keys of the options; the number of those that cannot be read (wep_keys.c). */
unsigned wep_keys_read(struct app *a);
/* Which elements fingerprints are of; how many lists are none, each logged (print_lists.c). */
unsigned print_lists_read(struct app *a);
/* Makes the filters of the kismetdb; the number of rules that cannot be read (log_filters.c). */
unsigned log_filters_read(struct app *a);
void log_filters_free(struct app *a);
/* The same of makers' rules for drones (uav_rules.c). */
unsigned uav_rules_read(struct app *a);
/* view=: the views that the user defines. How many lines are wrong; each is logged. */
unsigned views_read(struct app *a);
void uav_rules_free(struct app *a);

/* The path of a file of the state folder; the caller frees it. */
char *home_path(const struct app *a, const char *name);
/* The server's uuid: of the options, or the one that was made at the first start. */
struct uuid home_server_uuid(const struct app *a);
/* Brings back what resume= names (resume.c); before the logs are opened. Negative, and told, when the server may not
 * start without. */
int app_resume(struct app *a);
/* What the options say of logs (logs_settings.c). */
struct log_conf logs_settings(const struct app *a);
