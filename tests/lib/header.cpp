// The public header in C++: it compiles alone and its names are C's.
#include <ticketd/ticketd.h>

int main() {
    ticketd *handle = nullptr;
    ticketd_problem problem;
    if (ticketd_open("memory:", nullptr, &handle, &problem) != TICKETD_OK) {
        return 1;
    }
    ticketd_close(handle);
    return 0;
}
