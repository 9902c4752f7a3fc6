/* Phys of plugins: rows of the model like its own. What a plugin reads out of a packet is held beside the packet, on
 * its source's thread, until it goes into the sender's record. */
#pragma once
#include "plugin/inside.h"

/* Those of struct norn_host that are about phys (phys.c). */
int plugin_add_phy(struct norn_self *self, const struct norn_phy *says, void *ctx);
const void *plugin_sight_frame(const struct norn_sight *s, size_t *n);
void plugin_sight_address(struct norn_sight *s, enum norn_address which, const unsigned char address[6]);
void plugin_sight_integer(struct norn_sight *s, unsigned field, int64_t value);
void plugin_sight_real(struct norn_sight *s, unsigned field, double value);
void plugin_sight_text(struct norn_sight *s, unsigned field, const char *text, size_t n);
void plugin_sight_name(struct norn_sight *s, const char *text, size_t n);
