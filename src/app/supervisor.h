/* What the machine's supervisor wants: systemd's notifications, the background, descriptors. */
#pragma once

/* systemd: ready, what it does in a sentence, alive, stopping. Nothing happens elsewhere. */
void supervisor_ready(void);
__attribute__((format(printf, 1, 2))) void supervisor_status(const char *format, ...);
void supervisor_alive(void);
/* The start goes on: half a minute more. */
void supervisor_starting(void);
void supervisor_stopping(void);
/* Goes to the background: the parent waits until supervisor_serving() and ends with 0, or with 1 when
 * the child ends before. Before any thread. */
void supervisor_daemonize(void);
void supervisor_serving(void);
/* As many descriptors as the hard limit allows. */
void supervisor_raise_limits(void);
