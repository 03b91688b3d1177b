/* The tills of the demonstration: opened in the morning, counted and closed in the evening. */
#include "daemon/demo/maker.h"
#include "store/reader.h"

enum { FLOAT_CENTS = 20000 };

static bool open_till(struct demo_maker *maker, struct demo_till *till, const char *name) {
    struct command command = {
        .kind = COMMAND_SHIFT_OPEN,
        .caller = till->cashier,
        .of.shift.shift = {.terminal = text_of(name),
                           .currency = {DEMO_CURRENCY},
                           .opening_cash = FLOAT_CENTS,
                           .closed_at = INSTANT_NONE},
    };
    till->is_open = demo_run(maker, &command);
    if (till->is_open) {
        till->shift_id = maker->outcome.shift->row.id;
    }
    return till->is_open;
}

/* Most evenings the drawer holds what it must. */
static bool close_till(struct demo_maker *maker, struct demo_till *till) {
    static const struct {
        int64_t cents;
        const char *note;
    } differences[] = {{0, NULL},
                       {0, NULL},
                       {0, NULL},
                       {0, NULL},
                       {-500, "Five short, most likely a wrong note given out"},
                       {200, "Somebody did not wait for the change"}};
    enum { DIFFERENCES = sizeof differences / sizeof *differences };
    struct shift_reading shift;
    arena_reset(&maker->arena);
    if (reader_shift(maker->reader, till->shift_id, &maker->arena, &shift, maker->failure) !=
        ERROR_NONE) {
        return false;
    }
    unsigned nth = demo_random(maker, DIFFERENCES);
    struct command command = {
        .kind = COMMAND_SHIFT_CLOSE,
        .caller = till->cashier,
        .of.shift.shift = {.id = till->shift_id,
                           .counted_cash = shift_expected_cash(&shift) + differences[nth].cents,
                           .note = text_of(differences[nth].note)},
    };
    till->is_open = !demo_run(maker, &command);
    return !till->is_open;
}

bool demo_tills_see_to(struct demo_maker *maker) {
    static const char *const names[DEMO_TILLS] = {"Box office 1", "Box office 2"};
    int hour = demo_hour(maker);
    bool is_day = hour >= DEMO_TILL_OPENS && hour < DEMO_TILL_CLOSES;
    bool all_well = true;
    for (size_t i = 0; i < DEMO_TILLS; i++) {
        struct demo_till *till = &maker->tills[i];
        if (is_day && !till->is_open) {
            all_well = open_till(maker, till, names[i]) && all_well;
        } else if (!is_day && till->is_open) {
            all_well = close_till(maker, till) && all_well;
        }
    }
    return all_well;
}
