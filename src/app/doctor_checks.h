/* Checks of norn doctor: one function a check; it says what it finds, and changes nothing. */
#pragma once
#include <stdint.h>

#include "app/state.h"
#include "base/buf.h"

enum verdict {
	GOOD,    /* nothing to do */
	ABSENT,  /* something does not work here that the configuration does not ask for */
	MISSING, /* the server does not work as it is configured: exit status 1 */
};

struct check {
	const char *subject;
	enum verdict (*run)(const struct app *a, struct buf *say);
};

/* Adds the sentence; the verdict. */
static inline enum verdict says(struct buf *say, enum verdict v, const char *text)
{
	buf_str(say, text);
	return v;
}

/* doctor_capture.c: what is captured. */
