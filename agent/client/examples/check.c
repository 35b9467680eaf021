/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks whether a data type may be released under an access key, which is read from the standard
 * input: what stands in an argument list is everybody's to read. Ends with 0 for allowed, 1 for
 * denied, 2 where the agent could not be asked.
 *
 *   cc check.c $(pkg-config --cflags --libs akgate) -o check
 *   ./check HH-CONSUMPTION [/run/akgate/gate.sock] <key-file
 */
#include <akgate/akgate.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char** argv) {
  char access_key[128];
  if (argc < 2 || fgets(access_key, sizeof access_key, stdin) == NULL) {
    fputs("usage: check DATA-TYPE [SOCKET] <KEY-FILE\n", stderr);
    return 2;
  }
  access_key[strcspn(access_key, "\n")] = '\0';

  /* One client for the whole life of a program, for all its threads. */
  akgate_client* const gate = akgate_open(argc > 2 ? argv[2] : NULL, 0);
  const char* const data_types[] = {argv[1], NULL};
  const akgate_question question = {.access_key = access_key, .data_types = data_types};
  akgate_answer answer;
  const bool allowed = akgate_check(gate, &question, 2000, &answer);
  akgate_close(gate);

  printf("%s %s %s\n", allowed ? "allowed" : "denied", answer.reason, answer.detail);
  if (allowed) return 0;
  return answer.answered ? 1 : 2;
}
