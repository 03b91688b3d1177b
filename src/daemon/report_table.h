/* report_table.h - a report as people read it: times by a clock of the place, money with its
 * decimals, names instead of ids. */
#pragma once

#include <stdio.h>

#include "routes/resources/report.h"

/* `csv` holds the rows as the API gives them, below the names of their columns; it is used up. */
void report_table_print(struct report_run *run, struct csv_writer *csv, FILE *out);
