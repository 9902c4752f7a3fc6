/* Alerts: their definitions with rates, and the backlog of those that were raised. Any thread. */
#pragma once
#include "base/position.h"
#include "detect/rate.h"
#include "feed/message.h"
#include "field/field.h"

#define ALERT_NAME_SIZE 64
#define ALERT_TEXT_SIZE 512
#define ALERT_DEFINITIONS_MAX 512

enum alert_severity {
	SEVERITY_INFO = 0,
	SEVERITY_LOW = 5,
	SEVERITY_MEDIUM = 10,
	SEVERITY_HIGH = 15,
	SEVERITY_CRITICAL = 20,
};

struct alert_definition {
	char name[ALERT_NAME_SIZE], alert_class[16], description[512];
	uint8_t severity;           /* enum alert_severity */
	uint32_t phy;               /* its number, UINT32_MAX: any */
	struct throttle throttle;   /* the rates of each offender; what it counts is over all of them */
	uint64_t raised, held_back; /* in all */
};
extern struct field_table alert_definition_table;

struct alert {
	char name[ALERT_NAME_SIZE], alert_class[16], text[ALERT_TEXT_SIZE], channel[24];
	uint8_t severity;
	uint32_t hash; /* names the alert within this run */
	uint32_t phy;
	struct key device;
	bool has_device;
	struct mac transmitter, source, destination, other;
	struct mac offender; /* by which the rates count it; zeros: none, they count all such alerts together */
	double freq_khz;
	double time;          /* seconds: packet time of a frame of a file, else server time */
	double raised_time;   /* server time at which it was raised */
	double packet_time;   /* of the latest frame behind it; 0: none */
	double first_time;    /* of the first of them */
	uint32_t frames;      /* so many; 0: it reports what was held back, or no frame raised it */
	uint32_t packet_hash; /* of the latest: CRC-32 without radio header and FCS */
	uint64_t packet;      /* its number within this run; 0: none */
	char log[512];        /* the kismetdb that holds it, "": no log is open */
	uint64_t held_back;   /* alerts of the name and offender that were held back since the one before */
	int32_t signal_dbm;   /* of that frame; 0: unknown */
	struct uuid datasource;
	bool has_datasource;
	struct position position;
	uint64_t number; /* within this run, from 1 */
};
extern struct field_table alert_table;

struct events;
struct alerts;
/* backlog: how many raised alerts are kept. Every alert is also posted on the bus. */
struct alerts *alerts_create(uint32_t backlog, struct message_bus *messages);
/* Alerts are events too. Before other threads run. */
void alerts_events(struct alerts *a, struct events *events);
void alerts_destroy(struct alerts *a);

/* Its number; ERR_EXISTS for a name in use, ERR_LIMIT when there are too many, ERR_MALFORMED for an
 * empty name or a burst whose time is longer than the limit's. */
int alerts_define(struct alerts *a, const struct alert_definition *d);
/* Sets the rates of an alert, "NAME,10/min,1/sec"; ERR_MALFORMED, ERR_NOT_FOUND when it is not defined: it
 * has them once it is. */
int alerts_configure(struct alerts *a, const char *text);
/* The number of the definition, or ERR_NOT_FOUND. Case is ignored. */
int alerts_find(struct alerts *a, const char *name);
/* The name of a definition; "" when there is none of that number. */
void alerts_name(struct alerts *a, int definition, char ret_name[ALERT_NAME_SIZE]);
/* True if the alert could ever be raised: rules whose alert could not are off, and cost nothing. */
bool alerts_enabled(struct alerts *a, int definition);
/* Raises an alert of that definition: fills in its name, class, severity, phy, time and number, and says in its text
 * how many were held back before it. Its rates count by its offender, of LIMIT_ALERT_OFFENDERS at a time; further ones
 * share one count.
 * Its time is that of the server unless it has one.
 * frame_time: seconds by which it is throttled, 0: the server's. False when it is held back. */
bool alerts_raise(struct alerts *a, int definition, struct alert *alert, double frame_time);
/* Raises once more the last alert of every offender of whom some were held back since, as soon as the rates allow it:
 * the text says how many, it has no frame of its own, and its severity is low: what happened was raised before. While
 * frames come that would raise it, these report it. About once a second, one thread. packet_sec: the latest packet
 * time; rates go on by it, or by the server's clock once no packets come. */
void alerts_report_held_back(struct alerts *a, uint32_t packet_sec);
/* Raises an alert of the server itself, by name; nothing when it is not defined. Any thread. */
__attribute__((format(printf, 3, 4))) void alerts_format(struct alerts *a, const char *name, const char *format, ...);
/* True if alerts_raise() would let one of that offender through now; one that is not is counted as held back. */
bool alerts_would_raise(struct alerts *a, int definition, const struct mac *offender, double frame_time);

/* Reads an alert back from its JSON, of norn or of Kismet; false when it is none. */
bool alert_load(const struct json_in *from, struct alert *ret);
/* Takes an alert of an earlier run, oldest first, without announcing it. Before other threads run. */
void alerts_restore(struct alerts *a, const struct alert *alert);

/* Copies definitions, at most max; how many. */
uint32_t alerts_definitions(struct alerts *a, struct alert_definition *ret, uint32_t max);
/* Copies alerts that were raised after that server time (whatever time they are of), oldest first, at most max; how
 * many. */
uint32_t alerts_copy(struct alerts *a, double after, struct alert *ret, uint32_t max);
uint32_t alerts_backlog(const struct alerts *a);
/* Copies those after that number, oldest first, at most max: for logs, which see more than the backlog, so that none
 * is missed of ALERTS_KEPT that come at once. How many. Any thread. */
#define ALERTS_KEPT 1024
uint32_t alerts_after(struct alerts *a, uint64_t number, struct alert *ret, uint32_t max);

/* Called for every alert that is raised, on the thread that raises it, without a lock: it must not wait.
 * Before the first source opens; ERR_LIMIT when there are too many. */
#define ALERT_LISTENERS_MAX 8
typedef void (*alert_fn)(void *ctx, const struct alert *a);
int alerts_listen(struct alerts *a, alert_fn fn, void *ctx);

/* Writes the path of the log that packets go to, or ""; any thread. Before the first source opens. */
void alerts_set_log(struct alerts *a, void (*path)(void *ctx, char *ret_path, size_t size), void *ctx);
