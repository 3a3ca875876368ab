#ifndef COMMAND_NEW_H
#define COMMAND_NEW_H
/*
 * `breakeven new SLUG`: a new questionnaire. On a terminal it asks, and shows after each answer where
 * the decision stands; without one it takes --set and --from. What it writes is checked first, never
 * replaces a file, carries the help of every field as comments, and names its JSON Schema, which is
 * put beside it for editors.
 */

int command_new(int argc, char **argv);
#endif
