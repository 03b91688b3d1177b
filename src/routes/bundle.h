/* bundle.h - the admin pages as files, as the build made them; none where it was told so
 * (-Dpages=false). */
#pragma once

#include "base/text.h"

struct bundle_file {
    struct text path; /* below /admin/: "index.html", "assets/main-4XK2.js" */
    struct text type;
    struct text etag, gzip_etag; /* in quotes */
    struct text bytes, gzip;     /* static */
};

/* Made by tools/embed.c. */
extern const struct bundle_file bundle_files[];
extern const size_t bundle_files_count;
