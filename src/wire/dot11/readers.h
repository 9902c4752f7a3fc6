/* What elements say. Each reader is a pure function of an element's data (elements.h): octets in, a struct out, no
 * state; false, and nothing to use in the struct, when it is not what the standard says. What a cut element still says
 * whole is taken where the reader says so. Clauses are those of IEEE 802.11-2020 where no other document is named.
 * Spans point into what was read. */
#pragma once
#include "wire/dot11/read_capabilities.h"
#include "wire/dot11/read_he.h"
#include "wire/dot11/read_hotspot.h"
#include "wire/dot11/read_ht.h"
#include "wire/dot11/read_multi_bssid.h"
#include "wire/dot11/read_multi_link.h"
#include "wire/dot11/read_neighbors.h"
#include "wire/dot11/read_rsn.h"
#include "wire/dot11/read_small.h"
#include "wire/dot11/read_vendor.h"
#include "wire/dot11/read_wmm.h"
#include "wire/dot11/read_wps.h"
