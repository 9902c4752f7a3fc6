/* Kismet's further names: known, so not reported as unknown, but nothing heeds them. */
#pragma once

/* NULL terminated. */
extern const char *const options_not_heeded[];
