/* What a database's URL says, without what it must not. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "store/store.h"

bool store_url_is_of_server(const char *url) {
    return strncmp(url, "postgres:", 9) == 0 || strncmp(url, "postgresql:", 11) == 0;
}

/* A text that grows at its end, as far as there is room. */
struct shown {
    char *text;
    size_t length;
};

static void show(struct shown *shown, const char *text, size_t length) {
    size_t room = STORE_URL_SHOWN_SIZE - 1 - shown->length;
    length = length < room ? length : room;
    memcpy(shown->text + shown->length, text, length);
    shown->length += length;
    shown->text[shown->length] = '\0';
}

/* Behind "password=": as long as the value may be. A quoted one may hold spaces and, behind
 * backslashes, quotes. */
static size_t value_length(const char *value, bool is_url) {
    if (is_url || *value != '\'') {
        return strcspn(value, is_url ? "&" : " \t\n");
    }
    size_t length = 1;
    while (value[length] != '\0' && value[length] != '\'') {
        length += value[length] == '\\' && value[length + 1] != '\0' ? 2 : 1;
    }
    return length + (value[length] == '\'');
}

/* The length of "password=" at the start of `text`, with spaces around the sign; else 0. Other
 * names end in it: sslpassword. */
static size_t secret_name_length(const char *text) {
    static const char name[] = "password";
    if (strncasecmp(text, name, sizeof name - 1) != 0) {
        return 0;
    }
    size_t length = sizeof name - 1;
    length += strspn(text + length, " ");
    if (text[length] != '=') {
        return 0;
    }
    length++;
    return length + strspn(text + length, " ");
}

static void show_without_secrets(struct shown *shown, const char *text, bool is_url) {
    while (*text != '\0') {
        size_t name = secret_name_length(text);
        if (name == 0) {
            show(shown, text++, 1);
            continue;
        }
        show(shown, text, name);
        show(shown, "***", 3);
        text += name;
        text += value_length(text, is_url);
    }
}

const char *store_url_shown(const char *url, char buffer[STORE_URL_SHOWN_SIZE]) {
    struct shown shown = {.text = buffer};
    buffer[0] = '\0';
    const char *slashes = strstr(url, "://");
    bool is_url = slashes != NULL;
    /* Up to the last '@': a password that was not encoded may hold any letter, and what hides too
     * much is better than what shows a part of it. */
    const char *at = is_url ? strrchr(slashes, '@') : NULL;
    const char *colon = at == NULL ? NULL : strchr(slashes + 3, ':');
    if (colon != NULL && colon < at) {
        show(&shown, url, (size_t)(colon + 1 - url));
        show(&shown, "***", 3);
        url = at;
    }
    show_without_secrets(&shown, url, is_url);
    return buffer;
}
