/* Private to capture: a sensor has connected: its link goes to its source. */
#pragma once

struct link;
struct source;

/* A sensor has announced itself for this source, which the caller has claimed: the link and the claim are
 * the source's from now on. On the link's loop. */
void live_attach(struct source *s, struct link *link, const char *address);
