/* check.h - a broken promise stops the process, in release builds too.
 *
 * require(): what the caller promised us. ensure(): what we promise back.
 * Neither is for input: input is parsed and may fail politely. Going on after
 * a broken promise could sell a ticket twice; stopping cannot, because nothing
 * is answered before it is durable. */
#pragma once

#define require(claim)                                                                             \
    ((claim) ? (void)0 : check_failed("require", #claim, __FILE__, __LINE__, __func__))
#define ensure(claim)                                                                              \
    ((claim) ? (void)0 : check_failed("ensure", #claim, __FILE__, __LINE__, __func__))

/* Says which promise was broken on stderr and aborts. */
_Noreturn void check_failed(const char *kind, const char *claim, const char *file, int line,
                            const char *function);
