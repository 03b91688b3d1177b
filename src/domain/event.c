#include "domain/event.h"

#include <string.h>

struct instant event_end(const struct event *event) {
    return instant_is_none(event->end_date) ? event->start_date : event->end_date;
}

unsigned currency_decimals(struct currency currency) {
    static const char none[] =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    static const char three[] = "BHD IQD JOD KWD LYD OMR TND";
    if (strstr(none, currency.code) != NULL) {
        return 0;
    }
    if (strstr(three, currency.code) != NULL) {
        return 3;
    }
    bool has_four = strcmp(currency.code, "CLF") == 0 || strcmp(currency.code, "UYW") == 0;
    return has_four ? 4 : 2;
}
