#include "capture/new_source.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/crc.h"
#include "base/err.h"
#include "base/key.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "capture/drivers.h"
#include "capture/file_source.h"
#include "capture/kismetdb_file.h"
#include "capture/live.h"
#include "capture/live_program.h"
#include "capture/private.h"
#include "capture/scan.h"
#include "capture/source_options.h"
#include "capture/tzsp.h"
#include "conf/definition.h"

/* The same definition has the same uuid in every run. */
struct uuid source_uuid_of(const char *definition)
{
	size_t size = strlen(definition) + 16;
	cleanup_free char *text = xalloc(size);
	struct uuid u = {{0}};

	for (uint8_t i = 0; i < 4; i++) {
		uint32_t crc;
		int n = snprintf(text, size, "norn %u %s", i, definition);

		crc = crc_32(text, (size_t) n);
		memcpy(u.b + (size_t) i * 4, &crc, 4);
	}
	u.b[6] = (uint8_t) ((u.b[6] & 0x0f) | 0x80); /* RFC 9562 version 8 */
	u.b[8] = (uint8_t) ((u.b[8] & 0x3f) | 0x80);
	return u;
}

static double definition_real(const struct definition *d, const char *name)
{
	const char *value = definition_get(d, name);

	return value ? strtod(value, NULL) : 0;
}

static void copy_option(const struct definition *d, const char *name, char *ret, size_t size)
{
	const char *value = definition_get(d, name);

	(void) snprintf(ret, size, "%s", value ? value : "");
}

/* `interface:` and the options by name, each in quotes where it needs them. */
static void normalize(const struct definition *d, char *ret, size_t size)
{
	size_t n = (size_t) definition_quote(d->interface, ret, size);

	for (unsigned i = 0; i < d->n_options && n < size; i++) {
		n += (size_t) snprintf(ret + n, size - n, "%c%s=", i ? ',' : ':', d->options[i].name);
		if (n < size)
			n += (size_t) definition_quote(d->options[i].value, ret + n, size - n);
	}
}

/* The kind that a definition asks for; NULL: the helpers are asked which of them knows it. */
static int find_driver(const struct definition *d, const struct source_driver **ret_driver,
		       char error[SOURCE_TEXT_SIZE])
{
	const char *type = definition_get(d, "type");
	struct stat st;

	*ret_driver = NULL;
	if (type)
		*ret_driver = driver_of_type(type);
	else if (strcmp(d->interface, "tzsp") == 0)
		*ret_driver = driver_of_type("tzsp");
	else if (file_source_streams(d->interface))
		*ret_driver = driver_of_type("stdin");
	else if (kismetdb_file_is(d->interface))
		*ret_driver = driver_of_type("kismetdb");
	else if (strchr(d->interface, '/') || strchr(d->interface, '.') || stat(d->interface, &st) == 0)
		*ret_driver = driver_of_type("pcapfile");
	if (type && !*ret_driver) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is no source type '%.64s'; see "
				"/datasource/types.json",
				type);
		return ERR_UNSUPPORTED;
	}
	return 0;
}

/* What is no definition may be the name of a file all the same, such as 12:30.pcap. */
static bool take_as_file(const char *text, struct definition *ret)
{
	struct stat st;

	if (strlen(text) >= sizeof(ret->text) || stat(text, &st) < 0)
		return false;
	ret->interface = strcpy(ret->text, text);
	ret->n_options = 0;
	return true;
}

int source_parse(const char *text, struct definition *ret, const struct source_driver **ret_driver,
		 char error[SOURCE_TEXT_SIZE])
{
	char why[DEFINITION_ERROR_SIZE], shown[SOURCE_TEXT_SIZE];
	int err = definition_read(text, ret, why);

	*ret_driver = NULL;
	if (err < 0 && take_as_file(text, ret))
		err = 0;
	(void) snprintf(shown, sizeof(shown), "%s", text);
	secret_mask(shown, sizeof(shown));
	if (err < 0)
		(void) snprintf(error, SOURCE_TEXT_SIZE, "The definition '%.128s' %s", shown, why);
	else
		err = source_options_check(ret, error);
	return err < 0 ? err : find_driver(ret, ret_driver, error);
}

static bool is_file(const struct source_driver *d)
{
	return d && (strcmp(d->type, "pcapfile") == 0 || strcmp(d->type, "kismetdb") == 0 ||
		     strcmp(d->type, "stdin") == 0 || source_is_tzsp(d) || capture_is_scan(d));
}

/* Whether it could be opened, as far as that can be known beforehand. */
int source_check(const struct registry *r, const struct definition *d, const struct source_driver *driver,
		 char error[SOURCE_TEXT_SIZE])
{
	if (driver && source_is_tzsp(driver))
		return tzsp_check(d, error);
	return is_file(driver) ? file_source_check(d, error) : live_check(r, d->interface, driver, error);
}

int capture_check(const struct capture_conf *defaults, const char *definition, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct registry r = {.defaults = *defaults};
	int err = source_parse(definition, d, &driver, ret_error);

	if (err >= 0)
		err = source_check(&r, d, driver, ret_error);
	if (err >= 0)
		(void) source_options_unknown(d, ret_error);
	return err;
}

/* Files are read once, and so is standard input; what lives is tried again. */
static bool read_once(const struct definition *d, const struct source_driver *driver)
{
	return is_file(driver) && !source_is_tzsp(driver) &&
	       (strcmp(d->interface, "-") == 0 || !file_source_streams(d->interface));
}

static void fill(struct source *s, const struct definition *d, const char *text, const struct source_driver *driver)
{
	const struct capture_conf *defaults = &s->registry->defaults;
	struct source_record *rec = &s->record;
	const char *name = definition_get(d, "name"), *uuid = definition_get(d, "uuid");
	const char *fcs = definition_get(d, "fcs");
	char uuid_text[UUID_TEXT_SIZE];
	struct stat st;

	rec->uuid = source_uuid_of(text);
	if (uuid)
		(void) uuid_parse(uuid, strlen(uuid), &rec->uuid);
	uuid_format(&rec->uuid, uuid_text);
	rec->key = key_phy_hash(uuid_text);
	if (driver)
		rec->driver = *driver;
	rec->pid = -1;
	rec->retry = !read_once(d, driver) && definition_yes(d, "retry", defaults->retry);
	rec->bytes_total = stat(d->interface, &st) == 0 ? (uint64_t) st.st_size : 0;
	(void) snprintf(rec->interface, sizeof(rec->interface), "%s", d->interface);
	(void) snprintf(rec->capture_interface, sizeof(rec->capture_interface), "%s", d->interface);
	(void) snprintf(rec->name, sizeof(rec->name), "%s", name ? name : d->interface);
	if (!name)
		secret_mask(rec->name, sizeof(rec->name)); /* names stand in logs, alerts and metrics */
	normalize(d, rec->definition, sizeof(rec->definition));
	copy_option(d, "info_antenna_type", rec->antenna_type, sizeof(rec->antenna_type));
	copy_option(d, "metagps", rec->metagps, sizeof(rec->metagps));
	copy_option(d, "info_amp_type", rec->amp_type, sizeof(rec->amp_type));
	rec->antenna_gain = definition_real(d, "info_antenna_gain");
	rec->antenna_orientation = definition_real(d, "info_antenna_orientation");
	rec->antenna_beamwidth = definition_real(d, "info_antenna_beamwidth");
	rec->amp_gain = definition_real(d, "info_amp_gain");
	s->path = xstrdup(d->interface);
	s->realtime = definition_yes(d, "realtime", false);
	s->pps = definition_real(d, "pps");
	s->ignores_fcs = fcs && strcmp(fcs, "ignore") == 0;
	if (source_options_unknown(d, s->remark))
		log_warning("Source '%.128s': %.300s", rec->name, s->remark);
	(void) snprintf(rec->warning, sizeof(rec->warning), "%s", s->remark);
}

struct source *registry_source(struct registry *r, const struct definition *d, const char *text,
			       const struct source_driver *driver)
{
	struct source *s = xnew(struct source, 1);

	s->registry = r;
	fill(s, d, text, driver);
	if (!is_file(driver))
		s->live = live_create(s, d);
	else
		s->streams = source_is_tzsp(driver) || file_source_streams(d->interface);
	s->unhurried = s->streams || s->realtime || s->pps > 0;
	return s;
}

struct source *registry_malformed(struct registry *r, const char *text)
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	struct source *s = xnew(struct source, 1);

	(void) snprintf(d->text, sizeof(d->text), "%s", text);
	d->interface = d->text;
	s->registry = r;
	fill(s, d, text, NULL);
	s->malformed = true;
	s->record.retry = false;
	(void) snprintf(s->record.definition, sizeof(s->record.definition), "%s", text);
	return s;
}

void source_free(struct source *s)
{
	history_finish(&s->packets_history);
	history_finish(&s->octets_history);
	live_destroy(s->live);
	free(s->path);
	free(s);
}
