/* History of the server as a whole: packets, memory, devices. One for the process. */
#pragma once
#include <stdint.h>

#include "field/field.h"

enum server_series { SERVER_PACKETS, SERVER_MEMORY, SERVER_DEVICES, SERVER_SERIES };

/* Once a second: packets so far, resident memory in kB, devices in the model. One thread. */
void server_history_note(uint32_t sec, uint64_t packets, uint64_t memory_kb, uint64_t devices);
/* As history_view(), brought forward to the request's second. Any thread. */
const void *server_history_view(enum server_series s, struct field_ctx *ctx);
