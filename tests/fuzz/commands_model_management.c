/* R9, R12: more tickets or fewer, settings, archiving. */
#include "commands_model_parts.h"

enum verdict model_adjust(struct model *model, const struct command *command, struct instant now) {
    const struct adjust_command *asked = &command->of.adjust;
    if (asked->quantity < 1 || !model_has_reason(asked->reason)) {
        return VERDICT_VALIDATION_FAILED;
    }
    int type = model_type_index(model, asked->ticket_type_id);
    if (type < 0) {
        return VERDICT_NOT_FOUND;
    }
    struct model_type *row = &model->types[type];
    if (!model_reaches(&command->caller, model->events[row->event].id)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    if (model_is_archived(model, type)) {
        return VERDICT_ARCHIVED;
    }
    if (asked->expected_total >= 0 && asked->expected_total != row->total) {
        return VERDICT_STALE_TOTAL;
    }
    if (asked->action == ACTION_INCREASE && row->total + asked->quantity > MODEL_MOST_TICKETS) {
        return VERDICT_VALIDATION_FAILED;
    }
    if (asked->action == ACTION_DECREASE && asked->quantity > model_available(model, type, now)) {
        return VERDICT_BELOW_COMMITTED;
    }
    row->total += asked->action == ACTION_INCREASE ? asked->quantity : -(int64_t)asked->quantity;
    return VERDICT_GRANTED;
}

enum verdict model_change_type(struct model *model, const struct command *command) {
    const struct type_command *asked = &command->of.type;
    int type = model_type_index(model, asked->type.id);
    if (type < 0) {
        return VERDICT_NOT_FOUND;
    }
    struct model_type *row = &model->types[type];
    if (!model_reaches(&command->caller, model->events[row->event].id)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    if (asked->if_version != row->version) {
        return VERDICT_VERSION_MISMATCH;
    }
    if (model_is_archived(model, type)) {
        return VERDICT_ARCHIVED;
    }
    struct model_type with = *row;
    unsigned fields = asked->fields;
    with.price = (fields & SETTING_PRICE) != 0 ? asked->type.price : with.price;
    with.sales_start =
        (fields & SETTING_SALES_START) != 0 ? asked->type.sales_start : with.sales_start;
    with.sales_end = (fields & SETTING_SALES_END) != 0 ? asked->type.sales_end : with.sales_end;
    with.max_per_order =
        (fields & SETTING_MAX_PER_ORDER) != 0 ? asked->type.max_per_order : with.max_per_order;
    with.max_per_customer = (fields & SETTING_MAX_PER_CUSTOMER) != 0 ? asked->type.max_per_customer
                                                                     : with.max_per_customer;
    if (!instant_is_none(with.sales_start) && !instant_is_none(with.sales_end) &&
        with.sales_start.us >= with.sales_end.us) {
        return VERDICT_VALIDATION_FAILED;
    }
    with.version++;
    *row = with;
    return VERDICT_GRANTED;
}

enum verdict model_archive(struct model *model, const struct command *command) {
    const struct archive_command *asked = &command->of.archive;
    bool *archived = NULL;
    int64_t *version = NULL;
    struct uuid event = UUID_NONE;
    for (int i = 0; i < MODEL_EVENTS && command->kind == COMMAND_EVENT_ARCHIVE; i++) {
        if (uuid_equals(model->events[i].id, asked->id)) {
            archived = &model->events[i].archived;
            version = &model->events[i].version;
            event = model->events[i].id;
        }
    }
    int type = command->kind == COMMAND_TYPE_ARCHIVE ? model_type_index(model, asked->id) : -1;
    if (type >= 0) {
        archived = &model->types[type].archived;
        version = &model->types[type].version;
        event = model->events[model->types[type].event].id;
    }
    if (archived == NULL) {
        return VERDICT_NOT_FOUND;
    }
    if (!model_reaches(&command->caller, event)) {
        return VERDICT_EVENT_OUT_OF_SCOPE;
    }
    *version += *archived != asked->archive;
    *archived = asked->archive;
    return VERDICT_GRANTED;
}

enum verdict model_publish(struct model *model, const struct command *command) {
    const struct event_command *asked = &command->of.event;
    for (int i = 0; i < MODEL_EVENTS; i++) {
        struct model_event *event = &model->events[i];
        if (!uuid_equals(event->id, asked->event.id)) {
            continue;
        }
        if (!model_reaches(&command->caller, event->id)) {
            return VERDICT_EVENT_OUT_OF_SCOPE;
        }
        if (asked->if_version != event->version) {
            return VERDICT_VERSION_MISMATCH;
        }
        if (event->archived) {
            return VERDICT_ARCHIVED;
        }
        event->published = asked->event.published;
        event->version++;
        return VERDICT_GRANTED;
    }
    return VERDICT_NOT_FOUND;
}
