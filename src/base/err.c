#include "base/err.h"

#include <string.h>

static const struct err_row {
	int err;
	const char *text;
} err_rows[] = {
	{ERR_TRUNCATED, "data ends too early"},
	{ERR_MALFORMED, "data is malformed"},
	{ERR_LIMIT, "a limit was reached"},
	{ERR_UNSUPPORTED, "not supported"},
	{ERR_NOT_FOUND, "not found"},
	{ERR_EXISTS, "exists already"},
	{ERR_DENIED, "not allowed"},
};

const char *err_text(int err)
{
	if (err >= 0)
		return "success";
	for (size_t i = 0; i < sizeof(err_rows) / sizeof(err_rows[0]); i++)
		if (err_rows[i].err == err)
			return err_rows[i].text;
	return strerrordesc_np(-err) ? strerrordesc_np(-err) : "unknown error";
}
