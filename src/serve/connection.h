/* Private to serve: connections, which come before requests: who may connect, and how many are open. */
#pragma once
#include <microhttpd.h>

struct request_timer;

/* MHD_NO for one that is refused without a word. */
enum MHD_Result connection_accept(void *serve, const struct sockaddr *address, socklen_t size);
/* One begins or ends. */
void connection_change(void *serve, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode code);
/* What times its requests; NULL: nothing does. */
struct request_timer *connection_timer(struct MHD_Connection *c);
