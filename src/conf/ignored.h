/* Kismet's further names: known, so not reported as unknown, but without effect. */
#pragma once

/* NULL terminated. */
extern const char *const options_ignored[];
