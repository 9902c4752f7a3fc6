/* Field paths: "kismet.device.base.signal/kismet.common.signal.last_signal". Compiled once a request to
 * steps; following them for a record touches no hash and compares no name but map keys. */
#pragma once
#include "field/field.h"

#define FIELD_PATH_STEPS 16
#define FIELD_PATH_BYTES 512

enum field_step_kind {
	FIELD_STEP_ROW,  /* the record's member */
	FIELD_STEP_EACH, /* every element of a list or map */
	FIELD_STEP_KEY,  /* the element of that key, or of that position */
};
struct field_step {
	uint8_t kind;
	const struct field *row; /* FIELD_STEP_ROW */
	const char *key;         /* FIELD_STEP_KEY: within the path's text */
};
struct field_path {
	struct field_step steps[FIELD_PATH_STEPS];
	uint8_t n_steps;
	bool known;                  /* false: the path names nothing and finds nothing */
	bool locks;                  /* a getter on its way takes a lock (FIELD_LOCKS) */
	bool many;                   /* it passes through a list or map */
	const struct field *row;     /* of the value that it leads to; NULL when it is not known */
	const char *last;            /* the last name, within text */
	char text[FIELD_PATH_BYTES]; /* cut at the '/'s */
};

/* Compiles a path of n bytes against a table. An unknown name gives a path that finds nothing, which is
 * no error; ERR_LIMIT when it is too long or too deep, ERR_MALFORMED when it is empty. The result must
 * not be moved. */
int field_path_compile(const struct field_table *root, const char *text, size_t n, struct field_path *ret_path);

/* Called for each value found; a result other than 0 ends the visit and is returned. */
typedef int (*field_visit_fn)(const struct field_value *value, void *arg);
int field_path_each(const struct field_path *path, const void *obj, struct field_ctx *ctx, field_visit_fn visit,
		    void *arg);
/* The first value found; false, and an absent value, when there is none. */
bool field_path_first(const struct field_path *path, const void *obj, struct field_ctx *ctx,
		      struct field_value *ret_value);
