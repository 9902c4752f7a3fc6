/* Advertising data as records show it: kept as octets, and read when a request asks. */
#pragma once
#include "phy/bluetooth/bluetooth.h"

/* Getters of what advertising data say, for records that keep them. */
struct field_items ad_uuids(const struct octets *data, bool solicit, struct field_ctx *ctx);
struct field_items ad_service_data(const struct octets *data, struct field_ctx *ctx);
struct field_text ad_company_text(const struct octets *data, struct field_ctx *ctx);
struct field_items ad_service_names(const struct octets *data, struct field_ctx *ctx);
/* exact: the appearance within its category, where it is given. */
struct field_text ad_appearance_text(const struct octets *data, bool exact);
uint8_t ad_flags(const struct octets *data);
/* Replaces the octets by those of the span, up to the limit that is kept. */
void ad_keep(struct octets *o, struct span s);
