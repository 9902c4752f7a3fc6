#include "wire/template/template_frame.h"

#include <string.h>

#include "base/err.h"

int template_read(struct span s, struct template_frame *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->kind = span_u8(&s);
	if (!s.bad && ret->kind != TEMPLATE_REPORTS && ret->kind != TEMPLATE_ANSWERS)
		return ERR_MALFORMED;
	ret->buoy = mac_from(span_take(&s, 6));
	if (ret->kind == TEMPLATE_ANSWERS)
		ret->asked_by = mac_from(span_take(&s, 6));
	ret->battery = span_u8(&s);
	ret->celsius = (int16_t) span_le16(&s) / 10.0;
	ret->name = s;
	return s.bad ? ERR_TRUNCATED : 0; /* once, at the end: what lies beyond reads as zeros */
}
