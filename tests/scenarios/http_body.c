#include "scenarios/http_body.h"

static void member_word(struct json_writer *json, const char *name, const char *word) {
    if (word[0] != '\0') {
        json_member_text(json, name, text_of(word));
    }
}

static void member_items(struct json_writer *json, const struct question *question,
                         const char *id_name) {
    json_name(json, "items");
    json_array_begin(json);
    for (size_t i = 0; i < question->items_count; i++) {
        json_object_begin(json);
        json_member_uuid(json, id_name, question->item_ids[i]);
        json_member_integer(json, "quantity", question->item_quantities[i]);
        json_object_end(json);
    }
    json_array_end(json);
}

static void member_reason(struct json_writer *json, const struct step *step, const char *usual) {
    member_word(json, "reason", step->has_reason ? step->reason : usual);
}

static void members_of_settings(struct json_writer *json, const struct scene_settings *settings) {
    unsigned gives = settings->gives;
    if ((gives & GIVES_PRICE) != 0) {
        json_member_integer(json, "price", settings->price);
    }
    if ((gives & GIVES_SALES_START) != 0) {
        json_member_instant(json, "sales_start", settings->sales_start);
    }
    if ((gives & GIVES_SALES_END) != 0) {
        json_member_instant(json, "sales_end", settings->sales_end);
    }
    if ((gives & GIVES_MAX_PER_ORDER) != 0) {
        json_member_integer(json, "max_per_order", settings->max_per_order);
    }
    if ((gives & GIVES_MAX_PER_CUSTOMER) != 0) {
        json_member_integer(json, "max_per_customer", settings->max_per_customer);
    }
}

static void members_of_event(struct json_writer *json, const struct step *step) {
    struct instant start;
    scene_time("23:00", &start);
    unsigned gives = step->settings.gives;
    json_member_text(json, "name", text_of(step->subject));
    json_member_text(json, "currency", TEXT("EUR"));
    json_member_instant(json, "start_date",
                        (gives & GIVES_STARTS) != 0 ? step->settings.starts : start);
    if ((gives & GIVES_ENDS) != 0) {
        json_member_instant(json, "end_date", step->settings.ends);
    }
    json_member_boolean(json, "published",
                        (gives & GIVES_PUBLISHED) == 0 || step->settings.published);
}

static void members_of_taking(struct json_writer *json, const struct question *question) {
    if (question->verb == VERB_RESERVE) {
        json_member_uuid(json, "ticket_type_id", question->item_ids[0]);
        json_member_integer(json, "quantity", question->item_quantities[0]);
    } else {
        member_items(json, question, "ticket_type_id");
    }
    if (question->verb != VERB_CHANGE) {
        json_member_integer(json, "expires_in_seconds", question->step->seconds);
        if (!uuid_is_none(question->user)) {
            json_member_uuid(json, "user_id", question->user);
        }
    }
}

static void members_of_sale(struct json_writer *json, const struct question *question) {
    const struct step *step = question->step;
    if (question->verb == VERB_SELL) {
        member_items(json, question, "ticket_type_id");
        member_word(json, "channel", step->channel[0] == '\0' ? "box_office" : step->channel);
    } else {
        member_word(json, "channel", step->channel);
    }
    member_word(json, "order_id", step->order_id);
    member_word(json, "tender", step->tender);
    member_reason(json, step, "");
    if (step->refuse_if_expired) {
        json_member_text(json, "if_expired", TEXT("refuse"));
    }
}

static void members_of_refund(struct json_writer *json, const struct question *question) {
    const struct step *step = question->step;
    if (question->items_count > 0 && question->is_cart) {
        member_items(json, question, "reservation_id");
    } else if (question->items_count > 0) {
        json_member_integer(json, "quantity", question->item_quantities[0]);
    }
    member_reason(json, step, "asked for");
    member_word(json, "tender", step->tender);
    json_member_text(json, "disposition", step->is_void ? TEXT("void") : TEXT("return"));
}

void http_body_members(struct json_writer *json, const struct question *question) {
    const struct step *step = question->step;
    switch (question->verb) {
    case VERB_EVENT:
        members_of_event(json, step);
        return;
    case VERB_TICKETS:
        json_member_text(json, "name", text_of(step->subject));
        json_member_integer(json, "initial_inventory", step->items[0].quantity);
        if ((step->settings.gives & GIVES_PRICE) == 0) {
            json_member_integer(json, "price", 0);
        }
        members_of_settings(json, &step->settings);
        return;
    case VERB_RESERVE:
    case VERB_CART:
    case VERB_CHANGE:
        members_of_taking(json, question);
        return;
    case VERB_COMPLETE:
    case VERB_SELL:
        members_of_sale(json, question);
        return;
    case VERB_REFUND:
        members_of_refund(json, question);
        return;
    case VERB_RELEASE:
        member_reason(json, step, "");
        return;
    case VERB_EXTEND:
        json_member_integer(json, "expires_in_seconds", step->seconds);
        return;
    case VERB_INCREASE:
    case VERB_DECREASE:
        json_member_integer(json, "quantity", step->items[0].quantity);
        member_reason(json, step, "house seats");
        if (step->expected_total >= 0) {
            json_member_integer(json, "expected_total", step->expected_total);
        }
        return;
    case VERB_SET:
        if (question->is_event) {
            json_member_boolean(json, "published", step->settings.published);
        } else {
            members_of_settings(json, &step->settings);
        }
        return;
    case VERB_ARCHIVE:
    case VERB_UNARCHIVE:
    case VERB_RELEASE_EXPIRED:
    case VERB_SHOW:
    case VERB_COUNTS:
    case VERB_EXPLAIN:
    case VERB_LOG:
        return;
    }
}
