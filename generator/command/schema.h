#ifndef COMMAND_SCHEMA_H
#define COMMAND_SCHEMA_H
/* `breakeven schema`: the questionnaire's JSON Schema on standard output. Returns the exit status. */
int command_schema(int argc, char **argv);
#endif
