/* The options of all rooms together: read from the configuration, checked, and printed. Which rooms there are is the
 * program's to say; this knows their tables alone. */
#pragma once
#include <stdint.h>

#include "conf/file.h"
#include "conf/option.h"

/* A room's rows, and the struct that holds their values. */
struct option_section {
	const struct option_table *table;
	void *conf;
};

struct options {
	const struct option_section
		*sections; /* in the order of the sample file; the caller's, as long as this lives */
	size_t n;
	uint32_t unknown; /* names that are no options */
	struct conf said; /* what the configuration said, and what was wrong with it */
};

/* Fills in what the file does not say. */
void options_default(struct options *o);
/* Sets what the configuration says, and takes it (o->said): every unknown name and every bad value is logged with file
 * and line, and once, the options of Kismet's files that have no effect. An empty value leaves what there was. The
 * number of errors. */
unsigned options_set(struct options *o, struct conf *c, const struct conf_paths *paths);
/* Logs, once, why a value of that option is not valid, with its file and line. 1 when it is an error; 0 when it was
 * logged already, or is a warning (conf_is_lenient()). */
unsigned options_fault(struct options *o, const char *name, const char *value, const char *reason);
/* The same as an option_fault_fn; ctx is the options. */
unsigned options_report_fault(void *ctx, const char *name, const char *value, const char *reason);
/* Whether a value of that option is from a file whose faults are warnings. */
bool options_lenient(const struct options *o, const char *name);
/* The row of that name (any case) and the struct of its member; NULL: no option. */
const struct option_row *options_find(const struct options *o, const char *name, void **ret_conf);
/* Prints every option with its description and its value, as a file that can be read back; secrets too, or
 * commented out without their value. */
void options_print(const struct options *o, bool secrets, struct buf *out);
/* Whether one that is secret is set. */
bool options_have_secrets(const struct options *o);
/* Frees the values of all rooms, and what was said. */
void options_finish(struct options *o);
