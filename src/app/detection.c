#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/detection.h"
#include "app/state.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "wire/dot11/frame.h"

/* While the options are only checked there is no model, and nothing is sent. */
static void start_delivery(struct app *a, unsigned *errors)
{
	unsigned wrong = 0;

	a->delivery = delivery_create(&a->conf.delivery, &wrong);
	if (options_lenient(&a->conf.options, "norn_alert_syslog") ||
	    options_lenient(&a->conf.options, "norn_alert_webhook"))
		a->conf.options.said.warnings += wrong;
	else
		*errors += wrong;
	if (a->api.tracker)
		delivery_start(a->delivery, a->alerts);
	a->api.delivery = a->delivery;
}

static bool any_fingerprint(void *ctx)
{
	return fingerprints_any(ctx);
}

static uint32_t find_fingerprint(void *ctx, const struct mac *mac, uint8_t subtype)
{
	struct fingerprint x;

	if (!fingerprints_find(ctx, mac, &x))
		return 0;
	return subtype == MGMT_BEACON ? x.beacon : subtype == MGMT_PROBE_RESP ? x.response : x.probe;
}

unsigned detection_start(struct app *a)
{
	struct detector_conf *conf = &a->conf.detector;
	unsigned errors = 0;

	conf->fault = options_report_fault;
	conf->fault_ctx = &a->conf.options;
	conf->country_full = a->conf.dot11.country_full;
	if (a->api.fingerprints)
		conf->fingerprints =
			(struct expected_fingerprints){any_fingerprint, find_fingerprint, a->api.fingerprints};
	a->alerts = alerts_create(conf->backlog, a->messages);
	a->detector = detector_create(conf, a->alerts, a->api.tracker, &errors);
	for (size_t i = 0; i < conf->rates.n; i++)
		if (alerts_configure(a->alerts, conf->rates.items[i]) == ERR_MALFORMED)
			errors += options_fault(&a->conf.options, "alert", conf->rates.items[i],
						"expected NAME,10/min,1/sec");
	if (a->api.tracker)
		detector_start(a->detector);
	start_delivery(a, &errors);
	a->api.alerts = a->alerts;
	a->api.detector = a->detector;
	return errors;
}

unsigned detection_check(struct app *a)
{
	unsigned errors = detection_start(a);

	delivery_destroy(a->delivery);
	detector_destroy(a->detector);
	alerts_destroy(a->alerts);
	a->detector = NULL;
	a->alerts = NULL;
	return errors;
}

/* load_alert=NAME:text */
static void raise_loaded(struct app *a, const char *text)
{
	struct alert_definition d = {.alert_class = "SYSTEM",
				     .severity = SEVERITY_CRITICAL,
				     .phy = UINT32_MAX,
				     .description = "From load_alert=.",
				     .throttle = {.limit = {1, RATE_DAY}, .burst = {1, RATE_DAY}}};
	size_t n = strcspn(text, ":");

	(void) snprintf(d.name, sizeof(d.name), "%.*s", (int) (n < 63 ? n : 63), text);
	(void) alerts_define(a->alerts, &d);
	alerts_format(a->alerts, d.name, "%s", text[n] ? text + n + 1 : text);
}

/* In one alert: of several at a time all but the first are held back. */
static void report_configuration(struct app *a)
{
	const struct conf *c = &a->conf.options.said;
	struct buf text = {0};

	if (a->conf.options.unknown)
		buf_printf(&text, "The configuration has %u unknown options, which were ignored. ",
			   a->conf.options.unknown);
	if (c->errors + c->warnings)
		buf_printf(&text, "The configuration has %u invalid values, which were left out, the first %.300s. ",
			   c->errors + c->warnings, c->first);
	if (text.len)
		alerts_format(a->alerts, "CONFIGERROR",
			      "%sThe log of the start names them; correct them and start again", buf_text(&text));
	buf_finish(&text);
}

void detection_raise_at_start(struct app *a)
{
	if (getuid() == 0)
		alerts_format(a->alerts, "ROOTUSER",
			      "The server runs as root, and does not need to: an attack on it would take over the "
			      "machine. Run "
			      "it as another user, as norn.service does");
	if (a->conf.serve.password || a->conf.serve.password_hash)
		alerts_format(a->alerts, "GLOBALHTTPDUSER",
			      "The password of the login is in the main configuration, where others may read it; "
			      "remove it there, "
			      "and norn --set-password keeps it in %s",
			      a->conf.serve.auth_file ? a->conf.serve.auth_file : "httpd_auth_file");
	if (!a->conf.logs.enabled)
		alerts_format(a->alerts, "LOGDISABLED", "No logs are written, because enable_logging is false");
	report_configuration(a);
	for (size_t i = 0; i < a->conf.detector.at_start.n; i++)
		raise_loaded(a, a->conf.detector.at_start.items[i]);
}
