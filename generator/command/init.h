#ifndef COMMAND_INIT_H
#define COMMAND_INIT_H
/*
 * `breakeven init DIR`: a new project folder that holds only what is one's own: the site's settings, an
 * example questionnaire, recipes for GitHub and GitLab. Everything else comes from the installed
 * defaults (project.h) until the folder has a file of the same name. What is written is site/starter
 * of the installation. All of it is written to DIR/.breakeven-init first and then moved: an init that
 * was killed, or had no room, is repeated.
 */

int command_init(int argc, char **argv);
#endif
