/* The look of names. ICU has the tables of Unicode; its answers are kept, because the same few names are asked for
 * again and again. */
#include "phy/dot11/lookalike.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "base/crc.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "base/quick.h"

#define UNITS (SSID_MAX * 24) /* of UTF-16: one character becomes at most 18 by compatibility (U+FDFA) */
#define BRAILLE_BLANK 0x2800  /* no space by its properties, and none to see */
#define ESCAPE 0x1b

struct units {
	UChar u[UNITS];
	int32_t n;
};

static bool is_direction(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL);
}

static bool is_invisible(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || u_charType(c) == U_FORMAT_CHAR;
}

static bool is_blank(UChar32 c)
{
	return u_charType(c) == U_SPACE_SEPARATOR || c == BRAILLE_BLANK;
}

static uint8_t mark_of(UChar32 c)
{
	if (c == 0)
		return MARK_NUL;
	if (u_charType(c) == U_CONTROL_CHAR || u_charType(c) == U_LINE_SEPARATOR ||
	    u_charType(c) == U_PARAGRAPH_SEPARATOR)
		return MARK_CONTROL;
	if (is_direction(c))
		return MARK_DIRECTION;
	if (is_invisible(c))
		return MARK_INVISIBLE;
	return is_blank(c) && c != ' ' ? MARK_ODD_BLANK : 0;
}

/* Octets that are no UTF-8 stand as they are shown, each \xHH. */
static void decode(const struct ssid *name, struct units *ret, uint8_t *marks)
{
	UErrorCode e = U_ZERO_ERROR;
	char shown[SSID_MAX * 6 + 1];

	(void) u_strFromUTF8(ret->u, UNITS, &ret->n, (const char *) name->b, name->len, &e);
	if (U_SUCCESS(e))
		return;
	e = U_ZERO_ERROR;
	*marks |= MARK_NOT_UTF8;
	(void) air_octets(name->b, name->len, shown, sizeof(shown));
	(void) u_strFromUTF8(ret->u, UNITS, &ret->n, shown, -1, &e);
}

/* Behind a control sequence of terminals that begins at i (ECMA-48 5.4), which shows nothing; i when none does. */
static int32_t behind_sequence(const struct units *t, int32_t i)
{
	int32_t at = i + 1;

	if (t->u[i] != ESCAPE || at >= t->n || t->u[at] != '[')
		return i;
	for (at++; at < t->n; at++)
		if (t->u[at] >= 0x40 && t->u[at] <= 0x7e)
			return at + 1;
	return i;
}

/* Takes out what is not seen, in place; each run of blanks becomes one U+0020, and none stays at the ends. */
static void keep_visible(struct units *t, bool directions_stay, uint8_t *marks)
{
	int32_t out = 0, i = 0;
	bool blank = false;

	while (i < t->n) {
		int32_t behind = behind_sequence(t, i), begin = i;
		UChar32 c;

		U16_NEXT(t->u, i, t->n, c);
		*marks |= mark_of(c);
		if (behind > begin)
			i = behind;
		if (is_blank(c)) {
			if (out == 0 || i >= t->n)
				*marks |= MARK_EDGE_BLANK;
			else if (blank)
				*marks |= MARK_ODD_BLANK;
			blank = true;
			continue;
		}
		if (mark_of(c) && !(directions_stay && is_direction(c)))
			continue;
		if (blank && out)
			t->u[out++] = ' ';
		blank = false;
		U16_APPEND_UNSAFE(t->u, out, c);
	}
	*marks |= blank ? MARK_EDGE_BLANK : 0;
	t->n = out;
}

/* The order in which a reader sees it (UAX 9), in a line that runs from left to right. */
static void order(struct units *t)
{
	UErrorCode e = U_ZERO_ERROR;
	UBiDi *bidi = ubidi_openSized(UNITS, 0, &e);
	struct units seen = {.n = 0};

	if (U_SUCCESS(e))
		ubidi_setPara(bidi, t->u, t->n, 0, NULL, &e);
	if (U_SUCCESS(e))
		seen.n = ubidi_writeReordered(bidi, seen.u, UNITS, UBIDI_REMOVE_BIDI_CONTROLS | UBIDI_DO_MIRRORING, &e);
	if (U_SUCCESS(e) && seen.n <= UNITS)
		*t = seen;
	ubidi_close(bidi);
}

static USpoofChecker *checker;
static const UNormalizer2 *folding;

/* Tables that stay for the life of the process. */
static void open_tables(void)
{
	UErrorCode e = U_ZERO_ERROR;

	checker = uspoof_open(&e);
	if (U_SUCCESS(e)) {
		uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
		uspoof_setChecks(checker, USPOOF_RESTRICTION_LEVEL, &e);
	}
	folding = unorm2_getNFKCCasefoldInstance(&e);
	if (U_FAILURE(e))
		checker = NULL;
}

/* The skeleton as UTF-8, for the folded one without case again, since that of 0 is O; what the tables cannot say stays
 * as it is. */
static void skeleton(const struct units *t, bool fold, char ret[SKELETON_SIZE])
{
	UErrorCode e = U_ZERO_ERROR;
	struct units s = {.n = 0}, lower = {.n = 0};
	int32_t n = 0;

	if (checker)
		s.n = uspoof_getSkeleton(checker, 0, t->u, t->n, s.u, UNITS, &e);
	if (!checker || U_FAILURE(e) || s.n > UNITS)
		s = *t;
	e = U_ZERO_ERROR;
	if (fold)
		lower.n = u_strFoldCase(lower.u, UNITS, s.u, s.n, U_FOLD_CASE_DEFAULT, &e);
	if (fold && U_SUCCESS(e) && lower.n <= UNITS)
		s = lower;
	e = U_ZERO_ERROR;
	(void) u_strToUTF8WithSub(ret, SKELETON_SIZE - 1, &n, s.u, s.n, 0xfffd, NULL, &e);
	ret[U_SUCCESS(e) ? n : SKELETON_SIZE - 1] = '\0';
}

static void work_out(const struct ssid *name, struct lookalike *ret)
{
	struct units t = {.n = 0}, folded = {.n = 0};
	UErrorCode e = U_ZERO_ERROR;
	uint8_t ignored = 0;

	*ret = (struct lookalike){0};
	decode(name, &t, &ret->marks);
	keep_visible(&t, true, &ret->marks);
	if (ret->marks & MARK_DIRECTION)
		order(&t);
	keep_visible(&t, false, &ignored);
	if (checker && !(ret->marks & MARK_NOT_UTF8) && uspoof_check(checker, t.u, t.n, NULL, &e) && U_SUCCESS(e))
		ret->marks |= MARK_SCRIPTS;
	skeleton(&t, false, ret->skeleton);
	e = U_ZERO_ERROR;
	if (folding)
		folded.n = unorm2_normalize(folding, t.u, t.n, folded.u, UNITS, &e);
	skeleton(folding && U_SUCCESS(e) && folded.n <= UNITS ? &folded : &t, true, ret->folded);
}

void lookalike_of(const struct ssid *name, struct lookalike *ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct kept {
		struct ssid name;
		struct lookalike look;
		bool used;
	} kept[LOOKALIKES_KEPT];
	struct kept *k = &kept[crc_32(name->b, name->len) % LOOKALIKES_KEPT];
	bool known;

	(void) pthread_once(&once, open_tables);
	(void) pthread_mutex_lock(&lock);
	known = quick(QUICK_LOOKALIKES) && k->used && ssid_equal(&k->name, name);
	if (known)
		*ret = k->look;
	(void) pthread_mutex_unlock(&lock);
	if (known)
		return;
	work_out(name, ret);
	(void) pthread_mutex_lock(&lock);
	*k = (struct kept){.name = *name, .look = *ret, .used = true};
	(void) pthread_mutex_unlock(&lock);
}

bool lookalike_equal(const struct ssid *a, const struct ssid *b)
{
	struct lookalike x, y;

	if (ssid_equal(a, b))
		return false;
	lookalike_of(a, &x);
	lookalike_of(b, &y);
	return *x.skeleton && (strcmp(x.skeleton, y.skeleton) == 0 || strcmp(x.folded, y.folded) == 0);
}

void lookalike_marks_text(uint8_t marks, char ret_text[LOOKALIKE_MARKS_SIZE])
{
	static const char *const words[] = {"NUL",        "control character", "blank at an end", "odd blank",
					    "zero width", "direction control", "not UTF-8",       "mixed scripts"};
	size_t n = 0;

	ret_text[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (marks >> i & 1)
			n += (size_t) snprintf(ret_text + n, LOOKALIKE_MARKS_SIZE - n, "%s%s", n ? ", " : "", words[i]);
}

void lookalike_text(const struct ssid *name, char ret_text[LOOKALIKE_TEXT_SIZE])
{
	char shown[SSID_MAX * 6 + 1];
	struct units t = {.n = 0};
	size_t out = 0;
	UErrorCode e = U_ZERO_ERROR;

	(void) air_octets(name->b, name->len, shown, sizeof(shown));
	(void) u_strFromUTF8(t.u, UNITS, &t.n, shown, -1, &e);
	for (int32_t i = 0; U_SUCCESS(e) && i < t.n;) {
		UChar32 c;
		char part[U8_MAX_LENGTH + 10] = "";
		int32_t n = 0;

		U16_NEXT(t.u, i, t.n, c);
		if (mark_of(c) || (c == ' ' && (out == 0 || i == t.n)))
			n = snprintf(part, sizeof(part), "\\u{%X}", (unsigned) c);
		else
			U8_APPEND_UNSAFE(part, n, c);
		if (out + (size_t) n >= LOOKALIKE_TEXT_SIZE)
			break;
		memcpy(ret_text + out, part, (size_t) n);
		out += (size_t) n;
	}
	ret_text[out] = '\0';
}
