#include "http/request.h" /* the executor does not know who asks */
