/* handlers.h - one function for each operation of the contract, route_<operationId>. */
#pragma once

#include "routes/call.h"

#define ROUTE(method, path, name, right) struct answered route_##name(struct call *call);
#include "route_table.inc"
#undef ROUTE
