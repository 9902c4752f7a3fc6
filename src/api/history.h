/* Devices at some time. */
#pragma once

struct request;
struct reply;

/* Answers with the device of {key} as it was at the time of the argument `at`. May wait. */
void api_device_at(struct request *rq, struct reply *rp);
