#ifndef BASE_VERSION_H
#define BASE_VERSION_H
/* The one place of the version: program, reports, packages and the Makefile read it here. */
#define BREAKEVEN_VERSION "1.0.0"
#endif
