/* Private to serve: static files. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

struct request;

enum pages { PAGES_HOME, PAGES_PLUGIN };
/* Answers with a static file; MHD_NO when there is none of that name. */
enum MHD_Result statics_send(struct request *rq, const char *root, const char *path, enum pages pages);
/* True when the folder's index.html says that it is norn's. */
bool statics_are_own(const char *root);
/* By the extension. */
const char *mime_of_path(const char *path);
