/* The rows of Wi-Fi Multimedia. */
#include "phy/dot11/wmm.h"

#include "phy/dot11/elements.h"
#include "wire/dot11/readers.h"

#define C struct wmm_category
static const char *const names[] = {"best effort", "background", "video", "voice", NULL};
static const struct field category_rows[] = {
	FIELD_TEXTS(C, "norn.wmm.category", number, names, "Access category."),
	FIELD(C, "norn.wmm.aifsn", aifsn, "Slots to wait before it may send."),
	FIELD(C, "norn.wmm.ecw_min", ecw_min, "Least contention window, as an exponent of 2."),
	FIELD(C, "norn.wmm.ecw_max", ecw_max, "Greatest contention window, as an exponent of 2."),
	FIELD(C, "norn.wmm.txop_us", txop_us, "Longest time that it may send at once, in microseconds; 0: one frame."),
	FIELD(C, "norn.wmm.admission", admission, "Stations must ask before they use it."),
};
static struct field_table category_table = FIELD_TABLE(C, "wmm category", category_rows);
static const struct field category_elem = FIELD_ELEM_SELF(&category_table);

#define W struct wmm
static struct field_items categories(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){((const W *) obj)->categories, ((const W *) obj)->n};
}
static const struct field wmm_rows[] = {
	FIELD(W, "norn.wmm.qos_info", qos_info, "QoS information as sent; bit 7 of an access point: it offers U-APSD."),
	FIELD_CALL_LIST("norn.wmm.categories", categories, sizeof(C), &category_elem,
			"How stations of each access category contend."),
};
struct field_table wmm_table = FIELD_TABLE(W, "wmm", wmm_rows);

const void *wmm(const void *obj, struct field_ctx *ctx)
{
	const struct octets *o = obj;
	struct wmm w;
	struct span rest;

	return element_find(span_of(o->p, o->n), ELEMENT_WMM, &rest) && wmm_read(rest, &w)
		       ? arena_copy(ctx->arena, &w, sizeof(w))
		       : NULL;
}
