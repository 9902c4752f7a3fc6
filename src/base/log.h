/* One line to stderr for a decision that somebody should know of; with "<N>" in front under
 * systemd, whose journal then keeps the priority. The function that decides logs, once. Journals are kept, copied and
 * sent around, and messages are for every reader: what is secret in a line is masked (base/secret.h). */
#pragma once

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Called for each line besides stderr (the message bus); ctx is passed through. Set it before
 * other threads run; it must not log. */
typedef void (*log_hook_fn)(void *ctx, enum log_level level, const char *text);
void log_set_hook(log_hook_fn hook, void *ctx);
/* Lines below this level are dropped; LOG_LEVEL_INFO at first. */
void log_set_level(enum log_level level);
/* No lines on stderr at all (-s); the hook still sees them. */
void log_set_silent(int silent);

/* Called before a line goes to stderr: a caller with half a line there takes it back. Before other
 * threads run; any thread calls it. */
void log_set_clear(void (*clear)(void));

/* What is for who sits at the machine alone, such as a token: to stderr and its journal, and past the hook. */
__attribute__((format(printf, 1, 2))) void log_private(const char *format, ...);
__attribute__((format(printf, 2, 3))) void log_write(enum log_level level, const char *format, ...);
/* Logs and returns err, so that `return log_error(r, "Cannot open '%s'", path)` reads well. */
#define log_error(err, ...) (log_write(LOG_LEVEL_ERROR, __VA_ARGS__), (err))
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
