/* Pages of devices and of what is listed as they are, as tables in browsers ask for them: DataTables' variables with
 * `datatable`, or Tabulator's with `page`. Pass one finds the window's devices, pass two writes them. */
#pragma once
#include "api/query.h"

/* Replies with a page when the request asks for one (page.c); false when it does not. */
bool reply_page(struct request *rq, struct reply *rp, struct device_query *q);
