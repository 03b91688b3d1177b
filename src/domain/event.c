#include "domain/event.h"

struct instant event_end(const struct event *event) {
    return instant_is_none(event->end_date) ? event->start_date : event->end_date;
}
