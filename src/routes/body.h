/* body.h - what a request's body says, read strictly, into a command.
 *
 * Readers put a member where they are told and note what is wrong with it; a handler reads all
 * members in a straight line and ends with body_submit(), which answers 400 or 422 with everything
 * that was noted, or sends the command on its way. Texts are copied into the request's arena. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "domain/form.h"
#include "routes/call.h"

enum {
    BODY_DEPTH_MAX = 16,
    MEMBERS_MAX = 16, /* that any object of the contract has; EventCreate has 10 */
};

enum body_need { BODY_REQUIRED, BODY_OPTIONAL }; /* optional: none means {} */

struct body;

/* A JSON object whose members are being read. */
struct object {
    struct body *body;
    json_t *json;        /* NULL: there is none, and every member is absent */
    struct text pointer; /* of the object itself; "" for the body */
    const char *names[MEMBERS_MAX];
    size_t names_count, found;
};

struct body {
    struct call *call;
    json_t *json;
    struct object root;
    enum problem problem; /* PROBLEMS_COUNT: none */
    const char *detail;
    struct fault *faults, **faults_end;
    size_t faults_count;
};

/* Parses. Whatever is wrong is answered by body_submit(). */
struct object *body_open(struct body *body, struct call *call, enum body_need need);

/* Notes something wrong with what `pointer` names; code is one of the contract's: required,
 * unknown, type, range, length, format, enum, duplicate, conflict. `detail` must outlive the call.
 */
void body_fault(struct body *body, struct text pointer, const char *code, const char *detail);

/* True while nothing was found wrong. */
bool body_is_sound(const struct body *body);

/* Answers what is wrong, or submits call->submission.command as `kind`. */
struct answered body_submit(struct body *body, enum command_kind kind);

/* The same answer where something is wrong; else true, for calls that are not one command. */
bool body_passes(struct body *body, struct answered *refused);

/* Gives the parsed JSON back; body_submit() and body_passes() have done it. */
void body_close(struct body *body);

/* --- members ------------------------------------------------------------------ */

enum member_need {
    MEMBER_REQUIRED,
    MEMBER_OPTIONAL, /* may be left out; null is wrong */
    MEMBER_NULLABLE, /* may be left out or null */
};

/* What stands there; a member with something wrong counts as absent, and is noted. */
enum member { MEMBER_ABSENT, MEMBER_NULL, MEMBER_GIVEN };

enum member object_text(struct object *object, const char *name, enum member_need need,
                        struct form form, struct text *value);
enum member object_trimmed_text(struct object *object, const char *name, enum member_need need,
                                struct form form, struct text *value);
enum member object_integer(struct object *object, const char *name, enum member_need need,
                           int64_t min, int64_t max, int64_t *value);
enum member object_boolean(struct object *object, const char *name, enum member_need need,
                           bool *value);
enum member object_uuid(struct object *object, const char *name, enum member_need need,
                        struct uuid *value);
enum member object_instant(struct object *object, const char *name, enum member_need need,
                           struct instant *value);

/* One of a few words: `parse` knows them, `words` lists them for people. */
typedef bool word_parser(struct text word, void *value);
enum member object_word(struct object *object, const char *name, enum member_need need,
                        word_parser *parse, const char *words, void *value);

/* "/items/0/quantity": where a member of the object stands. */
struct text object_pointer(const struct object *object, const char *name);

/* An array; *count is 0 unless it is given with min to max elements. */
enum member object_array(struct object *object, const char *name, enum member_need need, size_t min,
                         size_t max, json_t **array);

/* The object at `index` of an array member. */
struct object object_element(struct object *object, const char *name, json_t *array, size_t index);

/* Notes members that nobody asked for. The body's own object is closed by body_submit(). */
void object_close(struct object *object);
