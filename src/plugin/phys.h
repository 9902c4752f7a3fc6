/* Phys of plugins: rows of the model like its own. What a plugin reads out of a packet is held beside the packet, on
 * its source's thread, until it goes into the sender's record. */
#pragma once
#include "plugin/private.h"

/* Those of struct norn_host that are about phys (phys.c). */
int plugin_add_phy(struct norn_self *self, const struct norn_phy *says, void *ctx);
const void *plugin_observation_frame(const struct norn_observation *s, size_t *n);
void plugin_observation_address(struct norn_observation *s, enum norn_address which, const unsigned char address[6]);
void plugin_observation_integer(struct norn_observation *s, unsigned field, int64_t value);
void plugin_observation_real(struct norn_observation *s, unsigned field, double value);
void plugin_observation_text(struct norn_observation *s, unsigned field, const char *text, size_t n);
void plugin_observation_name(struct norn_observation *s, const char *text, size_t n);
