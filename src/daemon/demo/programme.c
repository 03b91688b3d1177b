#include "daemon/demo/programme.h"

const struct demo_venue demo_venues[] = {
    {"Riverside Hall", "410 River Street, Chicago"},
    {"St. Mary's Church", "2 Market Square, Chicago"},
    {"Shed 9", "9 Harbor Road, Chicago"},
};
const size_t demo_venues_count = sizeof demo_venues / sizeof *demo_venues;

enum { RIVERSIDE, CHURCH, SHED };

const struct demo_event demo_events[] = {
    {
        .name = "Midnight Parade",
        .description = "Brass, drums and paper lanterns, once around the hall and into the night.",
        .venue = RIVERSIDE,
        .starts_on = 13,
        .starts_at = 20,
        .featured = true,
        .types = {{"General admission", "Standing, main floor", 2800, 1200, 0, 1082, -35, 0, 41},
                  {"VIP balcony", "Seated, bar service", 6500, 200, 8, 235, -34, 0, 6},
                  {"Student", "ID checked at the door", 1500, 200, 2, 132, -30, 0, 14},
                  {"Access + companion", "Step-free platform", 2800, 40, 2, 18, -35, 0, 2},
                  {"Early bird", "The first four hundred", 2000, 400, 4, 460, -35, -21, 0}},
    },
    {
        .name = "Winter Lights: Chamber Choir St. Mary",
        .description = "Praetorius, Distler and Lauridsen by candlelight.",
        .venue = CHURCH,
        .starts_on = 19,
        .starts_at = 19,
        .types = {{"Nave, center", NULL, 3800, 320, 0, 211, -28, 0, 5},
                  {"Nave, side", "Partly behind pillars", 2800, 240, 0, 96, -28, 0, 3},
                  {"Gallery", NULL, 1900, 60, 0, 75, -28, 0, 0},
                  {"Students and under 18", "Proof of age at the door", 900, 80, 2, 31, -25, 0, 2}},
    },
    {
        .name = "Harbor Jazz Night",
        .description = "Three bands on two stages, doors at seven.",
        .venue = SHED,
        .starts_on = 33,
        .starts_at = 20,
        .types = {{"Standing", NULL, 2400, 600, 0, 204, -21, 0, 7},
                  {"Table seat", "Table of four by the stage", 4500, 120, 8, 77, -21, 0, 4},
                  {"Upper level", NULL, 3200, 120, 0, 38, -14, 0, 0}},
    },
    {
        .name = "New Year's Eve Ball",
        .description = "Supper, an orchestra, and the fireworks over the river.",
        .venue = RIVERSIDE,
        .starts_on = 39,
        .starts_at = 21,
        .types = {{"Dance floor", NULL, 5500, 800, 6, 118, -4, 0, 9},
                  {"Supper table", "Three courses, table of eight", 14500, 240, 8, 40, -4, 0, 8}},
    },
    {
        .name = "Autumn Strings",
        .description = "Two sextets and an evening of Brahms.",
        .venue = CHURCH,
        .starts_on = -8,
        .starts_at = 19,
        .types = {{"Nave", NULL, 3200, 420, 0, 371, -35, -8, 0},
                  {"Gallery", NULL, 1900, 60, 0, 70, -35, -8, 0}},
    },
    {
        .name = "Spring Storytelling Festival",
        .description = "Nine tellers, one fire. Not announced yet.",
        .venue = SHED,
        .starts_on = 131,
        .starts_at = 18,
        .unpublished = true,
        .types = {{"Weekend pass", NULL, 4800, 300, 0, 0, 0, 0, 0},
                  {"Saturday", NULL, 2800, 150, 0, 0, 0, 0, 0}},
    },
};
const size_t demo_events_count = sizeof demo_events / sizeof *demo_events;

const struct demo_change demo_changes[DEMO_CHANGES] = {
    {0, 0, -20, ACTION_INCREASE, 200, "Main floor extended, approved by fire safety"},
    {0, 1, -8, ACTION_INCREASE, 50, "Balcony rows F and G released by the venue"},
    {0, 2, -1, ACTION_INCREASE, 100, "Side gallery opened by venue"},
    {1, 0, -12, ACTION_DECREASE, 6, "The sound desk takes six seats"},
    {2, 0, -6, ACTION_INCREASE, 100, "Second stage opened"},
    {4, 0, -15, ACTION_DECREASE, 20, "Recording: four rows for cameras"},
};
