/* Error codes: 0 or positive is success, negative is one of these or -errno.
 * err_text() turns any of them into words for a person. */
#pragma once

enum err {
	ERR_BASE = 10000, /* beyond every errno */
	ERR_TRUNCATED = -10001,
	ERR_MALFORMED = -10002,
	ERR_LIMIT = -10003,
	ERR_UNSUPPORTED = -10004,
	ERR_NOT_FOUND = -10005,
	ERR_EXISTS = -10006,
	ERR_DENIED = -10007,
};

/* Static text for a code of ours, strerror() for -errno; never NULL. Any thread. */
const char *err_text(int err);
