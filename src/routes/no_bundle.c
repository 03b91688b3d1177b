/* What stands for the admin pages where they were left out of the build. */
#include "routes/bundle.h"

const struct bundle_file bundle_files[1];
const size_t bundle_files_count = 0;
