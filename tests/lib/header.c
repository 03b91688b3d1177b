/* The public header alone, in the C it is compiled as here. */
#include <ticketd/ticketd.h>

int main(void) {
    struct ticketd_id id = ticketd_id_make();
    return ticketd_id_is_none(id) ? 1 : 0;
}
