/* The name under which a reply is offered as a file (RFC 6266). */
#pragma once

struct reply;
struct request;

/* Offers the reply as a file: of the name in the path's last step where the client chose it, else of what the path
 * names, such as KEY.pcapng. */
void reply_download(struct request *rq, struct reply *rp);
