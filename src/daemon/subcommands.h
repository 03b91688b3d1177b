/* subcommands.h - everything that `ticketd` can be told to do, one file each. */
#pragma once

#include "daemon/options.h"

extern const struct subcommand subcommand_serve, subcommand_demo, subcommand_migrate,
    subcommand_copy, subcommand_verify, subcommand_explain, subcommand_key_create,
    subcommand_key_list, subcommand_key_revoke, subcommand_staff_add, subcommand_staff_list,
    subcommand_staff_role, subcommand_staff_disable, subcommand_staff_enable,
    subcommand_staff_password, subcommand_event_create, subcommand_event_list,
    subcommand_event_show, subcommand_event_publish, subcommand_event_archive,
    subcommand_event_add_tickets, subcommand_report_sales, subcommand_report_inventory,
    subcommand_report_box_office, subcommand_rehearse, subcommand_version, subcommand_manual;

/* All of them, in the order of the manual, NULL at the end. */
extern const struct subcommand *const subcommands[];
