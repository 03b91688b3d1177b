/* contract - is the API contract sound, and what does the daemon need from it?
 *
 *     contract openapi.yaml openapi.json route_table.inc
 *
 * Reads the hand-written contract and writes it as compact JSON, with one line
 *
 *     ROUTE(POST, "/v1/reservations", reservation_create, RIGHT_RESERVE)
 *
 * per operation, in the order of the file. Whoever expands ROUTE refers to
 * route_<operationId>, so that an operation without a handler does not link.
 * A contract that does not hold together fails the build with file:line. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define OPERATIONS_MAX 256 /* DESIGN has some sixty; the rest is room */
#define DEPTH_MAX      64  /* the contract nests about fifteen deep */

static const char *const methods[] = {"get", "put", "post", "patch", "delete"};

/* The rows of the table at the top of the contract; a new right is named here too. */
static const char *const rights[] = {
    "none",     "public_read",  "reserve",         "complete",  "sell",
    "refund",   "adjust",       "people",          "read",      "read_counts",
    "read_log", "read_history", "release_expired", "signed_in",
};

struct operation {
    const char *method;
    const char *path;
    const char *id;
    const char *right;
};

struct contract {
    const char *file;
    yaml_document_t document;
    struct operation operations[OPERATIONS_MAX];
    size_t operations_count;
};

_Noreturn static void fail(const char *file, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(const char *file, yaml_mark_t mark, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%zu: ", file, mark.line + 1);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

_Noreturn static void fail_io(const char *file) {
    fprintf(stderr, "%s: %s\n", file, strerror(errno));
    exit(EXIT_FAILURE);
}

static FILE *open_or_fail(const char *file, const char *mode) {
    FILE *stream = fopen(file, mode);
    if (stream == NULL)
        fail_io(file);
    return stream;
}

static void close_or_fail(FILE *stream, const char *file) {
    bool broken = ferror(stream) != 0;
    if (fclose(stream) != 0 || broken)
        fail_io(file);
}

/* --- reading ------------------------------------------------------------ */

static void parser_fail(const char *file, const yaml_parser_t *parser) {
    fail(file, parser->problem_mark, "%s", parser->problem != NULL ? parser->problem : "not YAML");
}

/* libyaml resolves aliases silently while it loads, so they are looked for in
 * the tokens first: shared nodes would make one description mean two things. */
static void refuse_aliases(const char *file) {
    FILE *stream = open_or_fail(file, "rb");
    yaml_parser_t parser;
    yaml_token_t token;
    bool more = true;

    if (!yaml_parser_initialize(&parser))
        fail_io(file);
    yaml_parser_set_input_file(&parser, stream);
    while (more) {
        if (!yaml_parser_scan(&parser, &token))
            parser_fail(file, &parser);
        if (token.type == YAML_ANCHOR_TOKEN || token.type == YAML_ALIAS_TOKEN)
            fail(file, token.start_mark, "anchors and aliases are not used here; write a $ref");
        more = token.type != YAML_STREAM_END_TOKEN;
        yaml_token_delete(&token);
    }
    yaml_parser_delete(&parser);
    fclose(stream);
}

static void contract_load(struct contract *contract) {
    FILE *stream = open_or_fail(contract->file, "rb");
    yaml_parser_t parser;

    if (!yaml_parser_initialize(&parser))
        fail_io(contract->file);
    yaml_parser_set_input_file(&parser, stream);
    if (!yaml_parser_load(&parser, &contract->document))
        parser_fail(contract->file, &parser);
    yaml_parser_delete(&parser);
    fclose(stream);
    if (yaml_document_get_root_node(&contract->document) == NULL)
        fail(contract->file, (yaml_mark_t){0}, "the file is empty");
}

/* --- walking ------------------------------------------------------------ */

static yaml_node_t *node_at(struct contract *contract, int index) {
    return yaml_document_get_node(&contract->document, index);
}

static const char *text_of(struct contract *contract, const yaml_node_t *node) {
    if (node->type != YAML_SCALAR_NODE)
        fail(contract->file, node->start_mark, "a plain value is expected here");
    if (strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
        fail(contract->file, node->start_mark, "a NUL character is not allowed");
    return (const char *)node->data.scalar.value;
}

static yaml_node_t *member(struct contract *contract, const yaml_node_t *node, const char *name) {
    if (node->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        if (strcmp(text_of(contract, node_at(contract, pair->key)), name) == 0)
            return node_at(contract, pair->value);
    }
    return NULL;
}

/* --- checking ----------------------------------------------------------- */

/* Follows "#/a/b~1c" from the root; NULL when it leads nowhere. */
static const yaml_node_t *resolve(struct contract *contract, const char *reference) {
    const yaml_node_t *node = yaml_document_get_root_node(&contract->document);
    char name[256];

    if (strncmp(reference, "#/", 2) != 0)
        return NULL;
    for (const char *rest = reference + 1; *rest == '/' && node != NULL;) {
        size_t length = 0;
        for (rest++; *rest != '/' && *rest != '\0' && length + 1 < sizeof name; rest++) {
            char letter = *rest;
            if (letter == '~' && (rest[1] == '0' || rest[1] == '1'))
                letter = *++rest == '1' ? '/' : '~';
            name[length++] = letter;
        }
        name[length] = '\0';
        node = member(contract, node, name);
    }
    return node;
}

static void check_mapping(struct contract *contract, const yaml_node_t *node) {
    const yaml_node_pair_t *start = node->data.mapping.pairs.start;

    for (const yaml_node_pair_t *pair = start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_at(contract, pair->key);
        const yaml_node_t *value = node_at(contract, pair->value);
        const char *name = text_of(contract, key);

        for (const yaml_node_pair_t *other = start; other < pair; other++) {
            if (strcmp(text_of(contract, node_at(contract, other->key)), name) == 0)
                fail(contract->file, key->start_mark, "'%s' is here twice", name);
        }
        if (strcmp(name, "$ref") == 0 && value->type == YAML_SCALAR_NODE &&
            resolve(contract, text_of(contract, value)) == NULL)
            fail(contract->file, value->start_mark, "$ref '%s' leads nowhere",
                 text_of(contract, value));
    }
}

static void check_nodes(struct contract *contract) {
    const yaml_node_t *node;
    for (int index = 1; (node = node_at(contract, index)) != NULL; index++) {
        if (node->type == YAML_MAPPING_NODE)
            check_mapping(contract, node);
    }
}

static bool is_identifier(const char *text) {
    if (!islower((unsigned char)*text))
        return false;
    while (islower((unsigned char)*text) || isdigit((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}

static const char *operation_id(struct contract *contract, const yaml_node_t *operation,
                                yaml_mark_t mark) {
    const yaml_node_t *node = member(contract, operation, "operationId");
    if (node == NULL)
        fail(contract->file, mark, "this operation has no operationId");

    const char *id = text_of(contract, node);
    if (!is_identifier(id))
        fail(contract->file, node->start_mark, "operationId '%s' is not snake_case", id);
    for (size_t i = 0; i < contract->operations_count; i++) {
        if (strcmp(contract->operations[i].id, id) == 0)
            fail(contract->file, node->start_mark, "operationId '%s' is used twice", id);
    }
    return id;
}

static const char *operation_right(struct contract *contract, const yaml_node_t *operation,
                                   yaml_mark_t mark) {
    const yaml_node_t *node = member(contract, operation, "x-right");
    if (node == NULL)
        fail(contract->file, mark, "this operation has no x-right: who may call it?");

    const char *right = text_of(contract, node);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        if (strcmp(rights[i], right) == 0)
            return right;
    }
    fail(contract->file, node->start_mark, "x-right '%s' is not one of the rights", right);
}

static void collect_path(struct contract *contract, const yaml_node_t *path,
                         const yaml_node_t *item) {
    if (item->type != YAML_MAPPING_NODE)
        fail(contract->file, item->start_mark, "a path needs its operations here");
    for (yaml_node_pair_t *pair = item->data.mapping.pairs.start;
         pair < item->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_at(contract, pair->key);
        const yaml_node_t *operation = node_at(contract, pair->value);

        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
            if (strcmp(text_of(contract, key), methods[i]) != 0)
                continue;
            if (contract->operations_count == OPERATIONS_MAX)
                fail(contract->file, key->start_mark, "more than %d operations", OPERATIONS_MAX);
            const char *id = operation_id(contract, operation, key->start_mark);
            const char *right = operation_right(contract, operation, key->start_mark);
            contract->operations[contract->operations_count++] = (struct operation){
                .method = methods[i], .path = text_of(contract, path), .id = id, .right = right};
        }
    }
}

static void collect_operations(struct contract *contract) {
    const yaml_node_t *root = yaml_document_get_root_node(&contract->document);
    const yaml_node_t *paths = member(contract, root, "paths");

    if (paths == NULL || paths->type != YAML_MAPPING_NODE)
        fail(contract->file, root->start_mark, "the contract has no paths");
    for (yaml_node_pair_t *pair = paths->data.mapping.pairs.start;
         pair < paths->data.mapping.pairs.top; pair++)
        collect_path(contract, node_at(contract, pair->key), node_at(contract, pair->value));
}

/* --- writing ------------------------------------------------------------ */

static void write_string(FILE *out, const char *text) {
    fputc('"', out);
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte == '"' || *byte == '\\')
            fprintf(out, "\\%c", *byte);
        else if (*byte == '\n')
            fputs("\\n", out);
        else if (*byte < 0x20)
            fprintf(out, "\\u%04x", *byte);
        else
            fputc(*byte, out);
    }
    fputc('"', out);
}

/* A number as JSON spells it: YAML's other spellings (+1, 0x1f, .5, 1_000) stay
 * text, which a schema then refuses loudly. */
static bool is_number(const char *text) {
    text += *text == '-';
    if (*text == '0')
        text++;
    else if (isdigit((unsigned char)*text))
        text += strspn(text, "0123456789");
    else
        return false;
    if (*text == '.') {
        size_t digits = strspn(text + 1, "0123456789");
        if (digits == 0)
            return false;
        text += 1 + digits;
    }
    return *text == '\0';
}

static void write_scalar(FILE *out, const yaml_node_t *node, const char *text) {
    bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    if (plain && (*text == '\0' || strcmp(text, "null") == 0 || strcmp(text, "~") == 0))
        fputs("null", out);
    else if (plain && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || is_number(text)))
        fputs(text, out);
    else
        write_string(out, text);
}

static void write_node(struct contract *contract, FILE *out, const yaml_node_t *node, int depth) {
    if (depth > DEPTH_MAX)
        fail(contract->file, node->start_mark, "more than %d levels deep", DEPTH_MAX);

    if (node->type == YAML_MAPPING_NODE) {
        fputc('{', out);
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            if (pair > node->data.mapping.pairs.start)
                fputc(',', out);
            write_string(out, text_of(contract, node_at(contract, pair->key)));
            fputc(':', out);
            write_node(contract, out, node_at(contract, pair->value), depth + 1);
        }
        fputc('}', out);
    } else if (node->type == YAML_SEQUENCE_NODE) {
        fputc('[', out);
        for (yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top; item++) {
            if (item > node->data.sequence.items.start)
                fputc(',', out);
            write_node(contract, out, node_at(contract, *item), depth + 1);
        }
        fputc(']', out);
    } else {
        write_scalar(out, node, text_of(contract, node));
    }
}

static void write_json(struct contract *contract, const char *file) {
    FILE *out = open_or_fail(file, "wb");
    write_node(contract, out, yaml_document_get_root_node(&contract->document), 0);
    fputc('\n', out);
    close_or_fail(out, file);
}

static void write_upper(FILE *out, const char *text) {
    for (; *text != '\0'; text++)
        fputc(toupper((unsigned char)*text), out);
}

static void write_route_table(const struct contract *contract, const char *file) {
    FILE *out = open_or_fail(file, "wb");
    for (size_t i = 0; i < contract->operations_count; i++) {
        const struct operation *operation = &contract->operations[i];
        fputs("ROUTE(", out);
        write_upper(out, operation->method);
        fprintf(out, ", \"%s\", %s, RIGHT_", operation->path, operation->id);
        write_upper(out, operation->right);
        fputs(")\n", out);
    }
    close_or_fail(out, file);
}

int main(int count, char **arguments) {
    static struct contract contract;

    if (count != 4) {
        fputs("usage: contract OPENAPI.yaml OPENAPI.json ROUTE_TABLE.inc\n", stderr);
        return EXIT_FAILURE;
    }
    contract.file = arguments[1];
    refuse_aliases(contract.file);
    contract_load(&contract);
    check_nodes(&contract);
    collect_operations(&contract);
    write_json(&contract, arguments[2]);
    write_route_table(&contract, arguments[3]);
    yaml_document_delete(&contract.document);
    return EXIT_SUCCESS;
}
