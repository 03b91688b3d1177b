#include "domain/reservation.h"

enum reservation_status status_at(enum reservation_status stored, struct instant expires_at,
                                  struct instant now) {
    bool past = !instant_is_none(expires_at) && !instant_before(now, expires_at);
    return stored == RESERVATION_ACTIVE && past ? RESERVATION_EXPIRED : stored;
}

int64_t remaining_seconds_at(enum reservation_status stored, struct instant expires_at,
                             struct instant now) {
    if (instant_is_none(expires_at) || status_at(stored, expires_at, now) != RESERVATION_ACTIVE) {
        return 0;
    }
    return (expires_at.us - now.us + 999999) / 1000000;
}

bool cart_shows_line(const struct cart *cart, const struct reservation *line) {
    if (line->status != RESERVATION_RELEASED) {
        return true;
    }
    /* A cart and its lines are released at one instant; what was taken out before is older. */
    return cart->status == RESERVATION_RELEASED && line->updated_at.us == cart->updated_at.us;
}

struct text reservation_status_name(enum reservation_status status) {
    switch (status) {
    case RESERVATION_ACTIVE:
        return TEXT("active");
    case RESERVATION_COMPLETED:
        return TEXT("completed");
    case RESERVATION_RELEASED:
        return TEXT("released");
    case RESERVATION_EXPIRED:
        return TEXT("expired");
    }
    return TEXT_NONE;
}

bool reservation_status_parse(struct text name, enum reservation_status *status) {
    for (enum reservation_status each = RESERVATION_ACTIVE; each <= RESERVATION_EXPIRED; each++) {
        if (text_equals(reservation_status_name(each), name)) {
            *status = each;
            return true;
        }
    }
    return false;
}

bool channel_is_of_staff(enum channel channel) {
    return channel == CHANNEL_BOX_OFFICE || channel == CHANNEL_COMP;
}

struct text channel_name(enum channel channel) {
    switch (channel) {
    case CHANNEL_NONE:
        return TEXT_NONE;
    case CHANNEL_ONLINE:
        return TEXT("online");
    case CHANNEL_BOX_OFFICE:
        return TEXT("box_office");
    case CHANNEL_PARTNER:
        return TEXT("partner");
    case CHANNEL_COMP:
        return TEXT("comp");
    }
    return TEXT_NONE;
}

bool channel_parse(struct text name, enum channel *channel) {
    for (enum channel each = CHANNEL_ONLINE; each <= CHANNEL_COMP; each++) {
        if (text_equals(channel_name(each), name)) {
            *channel = each;
            return true;
        }
    }
    return false;
}
