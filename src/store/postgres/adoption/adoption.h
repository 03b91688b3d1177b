/* adoption.h - tables that a shop's application made become ticketd's, and stay the shop's.
 *
 * Nothing is renamed or lost. The founding tables are made anew beside
 * (migrations/0002_founding.sql in a schema that nobody sees), and the plan is the difference: the
 * queries in catalog/adopt_*.sql. Then the rows: those that no rule allows stop it, those that do
 * not add up are accepted by a person. Private to postgres/. */
#pragma once

#include "store/postgres/adoption/migrating.h"

/* Fills the plan. Locks the tables first unless it is a dry run; makes what is wholly new. After a
 * return with blockers, or with differences that are not accepted, nothing more can be done. */
MUST_USE enum error adoption_plan(struct migrating *migrating);

/* Carries out what adoption_plan() has found, but for the rights. */
MUST_USE enum error adoption_run(struct migrating *migrating);
