#include "bench/support/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A string of JSON. Bytes from 0x80 on pass: what we print is UTF-8.
static void print_text(const char* text) {
  putchar('"');
  for (const unsigned char* c = (const unsigned char*)text; *c != 0; ++c) {
    if (*c == '"' || *c == '\\') {
      printf("\\%c", *c);
    } else if (*c < 0x20) {
      printf("\\u%04x", *c);
    } else {
      putchar(*c);
    }
  }
  putchar('"');
}

static void print_absent(const char* row, const char* why) {
  printf("{\"row\":");
  print_text(row);
  printf(",\"absent\":");
  print_text(why);
  printf("}\n");
}

static void print_about(const struct bench_program* program) {
  printf("{\"compiler\":");
  print_text(__VERSION__);
  if (program->strategy != NULL) {
    printf(",\"strategy\":");
    print_text(program->strategy());
    printf(",\"reason\":");
    print_text(program->reason());
  }
  printf("}\n");
}

static void print_sample(const char* row, const struct bench_sample* s) {
  printf("{\"row\":");
  print_text(row);
  printf(",\"ns\":%.6g,\"wall_ms\":%.4g,\"share\":%.5f,\"company\":%.5f", s->ns, s->wall_ms, s->share, s->company);
  printf(",\"stolen_ms\":%.4g", s->stolen_ms);
  printf(",\"others\":%.3g", s->others);
  for (const struct bench_value* v = s->more; v < s->more + bench_most_values && v->name != NULL; ++v) {
    printf(",");
    print_text(v->name);
    printf(":%.6g", v->value);
  }
  printf("}\n");
}

static const struct bench_row* find(const struct bench_program* program, const char* name) {
  for (const struct bench_row* r = program->rows; r->name != NULL; ++r) {
    if (strcmp(r->name, name) == 0) return r;
  }
  fprintf(stderr, "bench: there is no row \"%s\" here\n", name);
  exit(2);
}

static int needs_another_cpu(enum bench_company company) {
  return company == bench_spinning || company == bench_pair || company == bench_crowd;
}

static void take(const struct bench_program* program, const struct bench_row* row,
                 const struct bench_setting* setting) {
  if (setting->other < 0 && needs_another_cpu(row->company)) {
    print_absent(row->name, "there is no second CPU for a thread that keeps running");
    return;
  }
  if (row->batch == NULL && program->take == NULL) {
    print_absent(row->name, "the standard library of this compiler lacks it");
    return;
  }
  const struct bench_sample sample =
      program->take != NULL ? program->take(row, setting) : bench_measure(row->batch, row->company, setting);
  print_sample(row->name, &sample);
}

int bench_main(const struct bench_program* program, int argc, char** argv) {
  struct bench_setting setting = {.cpu = 0, .other = -1, .milliseconds = 20};
  int i = 1;
  for (; i < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
    if (strcmp(argv[i], "--about") == 0) {
      print_about(program);
      return 0;
    }
    const char* const value = i + 1 < argc ? argv[i + 1] : NULL;
    if (value != NULL && strcmp(argv[i], "--cpu") == 0) {
      setting.cpu = atoi(value);
    } else if (value != NULL && strcmp(argv[i], "--other") == 0) {
      setting.other = atoi(value);
    } else if (value != NULL && strcmp(argv[i], "--ms") == 0) {
      setting.milliseconds = atof(value);
    } else {
      fprintf(stderr, "bench: there is no option \"%s\", or its value is missing\n", argv[i]);
      return 2;
    }
  }
  const char* const impossible = program->prepare != NULL ? program->prepare() : NULL;
  for (; i < argc; ++i) {
    const struct bench_row* const row = find(program, argv[i]);
    if (impossible != NULL) {
      print_absent(row->name, impossible);
    } else {
      take(program, row, &setting);
    }
    fflush(stdout);
  }
  return 0;
}
