/* http_body.h - what a scene asks, as the body of a request. */
#pragma once

#include "base/json_writer.h"
#include "scenarios/stage.h"

/* The members of the body's object, of any verb. */
void http_body_members(struct json_writer *json, const struct question *question);
