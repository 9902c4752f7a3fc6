/* The heap: one arena of huge pages. Devices live in it by the million, so a page of 4 kB each is what
 * a frame waits for; doc/decisions/0006-huge-pages.md has the figures. */
#pragma once

/* Starts this program anew, once, with the C library set to ask for huge pages: that can be set
 * only before main(). Returns when there is nothing to do, or when it did not work, which costs speed
 * and nothing else. The first thing in main(); before any thread. */
void heap_tune(char **argv);
