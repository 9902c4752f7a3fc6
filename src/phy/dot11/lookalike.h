/* Names that look alike: what of a name cannot be seen, and the skeleton by which two that a reader takes for one are
 * found (Unicode Technical Standard 39, section 4). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/ssid.h"

/* What of a name a reader does not see, or not as it is. */
enum lookalike_mark {
	MARK_NUL = 1 << 0,
	MARK_CONTROL = 1 << 1,    /* C0, DEL and C1 */
	MARK_EDGE_BLANK = 1 << 2, /* before the first or behind the last character */
	MARK_ODD_BLANK = 1 << 3,  /* another than U+0020, or several in a row */
	MARK_INVISIBLE = 1 << 4,  /* of no width: joiners, fillers, tags, variation selectors */
	MARK_DIRECTION = 1 << 5,  /* marks, overrides and isolates of writing direction */
	MARK_NOT_UTF8 = 1 << 6,
	MARK_SCRIPTS = 1 << 7, /* letters of scripts that no language mixes (UTS 39, 5.2: not highly restrictive) */
};

#define SKELETON_SIZE 256 /* octets with the NUL; what is longer is cut */
struct lookalike {
	char skeleton[SKELETON_SIZE]; /* equal for names that look alike, UTF-8 */
	char folded[SKELETON_SIZE];   /* the same without case, width and compatibility forms */
	uint8_t marks;                /* enum lookalike_mark */
};

/* The look of a name. Keeps the latest LOOKALIKES_KEPT answers. May wait and take time: never under a lock of the
 * model. */
#define LOOKALIKES_KEPT 1024
void lookalike_of(const struct ssid *name, struct lookalike *ret);
/* True for two names that differ and look alike. */
bool lookalike_equal(const struct ssid *a, const struct ssid *b);
/* The marks in words, "zero width, trailing blank"; "" for none. */
#define LOOKALIKE_MARKS_SIZE 160
void lookalike_marks_text(uint8_t marks, char ret_text[LOOKALIKE_MARKS_SIZE]);
/* The name as air_octets() shows it, and what cannot be seen as \u{XXXX}: for lines that somebody reads. */
#define LOOKALIKE_TEXT_SIZE (SSID_MAX * 8 + 1)
void lookalike_text(const struct ssid *name, char ret_text[LOOKALIKE_TEXT_SIZE]);
