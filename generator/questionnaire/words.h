#ifndef QUESTIONNAIRE_WORDS_H
#define QUESTIONNAIRE_WORDS_H
/*
 * The words of the file format, NULL-ended, each list in the order of its enum (without _UNKNOWN).
 * For readers of files (the field table here, policy/); others use the functions of questionnaire.h.
 */
extern const char *const STATUS_WORDS[];
extern const char *const STAGE_WORDS[];
extern const char *const PURCHASE_WORDS[];
extern const char *const GPU_NEED_WORDS[];
extern const char *const CUSTOM_WORDS[];
extern const char *const TENANCY_WORDS[];
extern const char *const BASIS_WORDS[];
extern const char *const MODEL_KIND_WORDS[];
extern const char *const JOB_KIND_WORDS[];
extern const char *const QUESTION_WORDS[];
#endif
