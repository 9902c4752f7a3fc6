/* A helper's life: arguments, privileges, the connection, and again when it is lost. */
#pragma once
#include "state.h"
#include "helper.h"

int helper_main(int argc, char **argv, const struct helper_kind *kind, void *ctx);
bool helper_stopping(const struct helper *h);
/* Frames that the kernel has lost so far. The capture thread. */
void helper_kernel_drops(struct helper *h, uint64_t total);
/* Waits until that monotonic time, or until it is to stop. The capture thread. */
void helper_wait(const struct helper *h, uint64_t until_us);
/* A uuid that stays: of the helper's name and six octets, such as an address. */
void helper_uuid(const char *type, const uint8_t six[6], char ret_uuid[HELPER_UUID_SIZE]);

/* Reports to the server what was captured and lost, in order with the packets. Any thread. */
void helper_report_loss(struct helper *h);
