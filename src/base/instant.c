#include "base/instant.h"

#include <stdio.h>
#include <time.h>

struct instant instant_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return (struct instant){ms * 1000};
}

int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct instant system_now(void *context) {
    (void)context;
    return instant_now();
}

struct clock clock_system(void) {
    return (struct clock){.now = system_now};
}

static char *put_digits(char *at, int64_t value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

/* The civil date of a day number and back, for the proleptic Gregorian calendar with
 * years that begin in March, so that the leap day comes last. */
struct civil {
    int64_t year, month, day;
};

static struct civil civil_of_days(int64_t days) {
    days += 719468; /* from 0000-03-01 to 1970-01-01 */
    int64_t era = days / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return (struct civil){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
    };
}

static int64_t days_of_civil(struct civil date) {
    int64_t year = date.year - (date.month <= 2);
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

const char *instant_format(struct instant at, char buffer[INSTANT_TEXT_SIZE]) {
    int64_t us = at.us < 0 ? 0 : at.us > INSTANT_MAX.us ? INSTANT_MAX.us : at.us;
    int64_t ms_of_day = us / 1000 % 86400000;
    struct civil date = civil_of_days(us / INT64_C(86400000000));
    char *out = put_digits(buffer, date.year, 4);
    *out++ = '-';
    out = put_digits(out, date.month, 2);
    *out++ = '-';
    out = put_digits(out, date.day, 2);
    *out++ = 'T';
    out = put_digits(out, ms_of_day / 3600000, 2);
    *out++ = ':';
    out = put_digits(out, ms_of_day / 60000 % 60, 2);
    *out++ = ':';
    out = put_digits(out, ms_of_day / 1000 % 60, 2);
    *out++ = '.';
    out = put_digits(out, ms_of_day % 1000, 3);
    *out++ = 'Z';
    *out = '\0';
    return buffer;
}

struct reader {
    const char *at, *end;
    bool failed;
};

static int64_t read_digits(struct reader *reader, int digits) {
    int64_t value = 0;
    for (int i = 0; i < digits; i++) {
        if (reader->failed || reader->at == reader->end || *reader->at < '0' || *reader->at > '9') {
            reader->failed = true;
            return 0;
        }
        value = value * 10 + (*reader->at++ - '0');
    }
    return value;
}

static char read_one_of(struct reader *reader, const char *allowed) {
    if (reader->failed || reader->at == reader->end || *reader->at == '\0' ||
        strchr(allowed, *reader->at) == NULL) {
        reader->failed = true;
        return '\0';
    }
    return *reader->at++;
}

static int64_t read_fraction_us(struct reader *reader) {
    int64_t us = 0;
    int digits = 0;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        us = us * 10 + (*reader->at++ - '0');
        digits++;
        if (digits > 6) {
            break;
        }
    }
    reader->failed |= digits == 0 || digits > 6;
    for (; digits < 6; digits++) {
        us *= 10;
    }
    return us;
}

static int64_t read_offset_seconds(struct reader *reader) {
    char sign = read_one_of(reader, "Zz+-");
    if (sign != '+' && sign != '-') {
        return 0;
    }
    int64_t hours = read_digits(reader, 2);
    read_one_of(reader, ":");
    int64_t minutes = read_digits(reader, 2);
    reader->failed |= hours > 23 || minutes > 59;
    int64_t seconds = hours * 3600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
}

static bool is_date(struct civil date) {
    static const int days_in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    return date.day <= days_in_month[date.month - 1] + (date.month == 2 && leap);
}

bool instant_parse(struct text text, struct instant *at) {
    struct reader reader = {text.bytes, text.bytes + text.length, text.bytes == NULL};
    struct civil date = {.year = read_digits(&reader, 4)};
    read_one_of(&reader, "-");
    date.month = read_digits(&reader, 2);
    read_one_of(&reader, "-");
    date.day = read_digits(&reader, 2);
    read_one_of(&reader, "Tt ");
    int64_t hour = read_digits(&reader, 2);
    read_one_of(&reader, ":");
    int64_t minute = read_digits(&reader, 2);
    read_one_of(&reader, ":");
    int64_t second = read_digits(&reader, 2);
    int64_t fraction_us = 0;
    if (!reader.failed && reader.at < reader.end && *reader.at == '.') {
        reader.at++;
        fraction_us = read_fraction_us(&reader);
    }
    int64_t offset = read_offset_seconds(&reader);
    if (reader.failed || reader.at != reader.end || !is_date(date) || hour > 23 || minute > 59 ||
        second > 59) {
        return false;
    }
    int64_t seconds = days_of_civil(date) * 86400 + hour * 3600 + minute * 60 + second - offset;
    struct instant parsed = {seconds * 1000000 + fraction_us};
    if (parsed.us < 0 || parsed.us > INSTANT_MAX.us) {
        return false;
    }
    *at = parsed;
    return true;
}
