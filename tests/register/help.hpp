// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace akgate::sandbox {

// What --help says around the list of options. The demo accounts are those of demo.cpp.

inline constexpr std::string_view kHelpBeforeOptions =
    R"(Usage: akregister (--accounts FILE | --seed-demo) [OPTION]...

A sandbox of the Central Data Access Register, to develop and test against. Never expose it: anyone who
reaches it can steer it. When it is ready it prints one line: listening on https://HOST:PORT/v1

)";

inline constexpr std::string_view kHelpAfterOptions =
    R"(
Accounts (--accounts), JSON: {"accounts": [{"account-id", "secret-key", "role", "duid", "display-name",
  "status", "contact-url", "registered-at", "suspended-at", "data-types-supported"}]}; the first four are
  required. Roles: data_user, data_provider, dcc, portal, admin.

Demo accounts (--seed-demo):
  account-id        secret-key                role           duid
  bright-energy     bright-energy-demo-key    data_user      duid_b1b1b1b1b1b1b1b1b1b1b1b1
  grid-analytics    grid-analytics-demo-key   data_user      duid_9a9a9a9a9a9a9a9a9a9a9a9a
  lapsed-energy     lapsed-energy-demo-key    data_user      duid_1a1a1a1a1a1a1a1a1a1a1a1a (suspended)
  concentrator-17   concentrator-demo-key     data_provider  duid_c0c0c0c0c0c0c0c0c0c0c0c0
  dcc               dcc-demo-key              dcc            duid_dccdccdccdccdccdccdccdcc
  portal            portal-demo-key           portal         duid_90909090909090909090c0de
  admin             admin-demo-key            admin          duid_adadadadadadadadadadadad
Demo identity records:
  ir_a3c5e7f9b1d3a3c5e7f9b1d3   bright-energy    meter point 1234567890123
  ir_b2b2b2b2b2b2b2b2b2b2b2b2   bright-energy    meter point 2000012345678
  ir_c4c4c4c4c4c4c4c4c4c4c4c4   grid-analytics   meter point 1234567890123
  ir_d5d5d5d5d5d5d5d5d5d5d5d5   lapsed-energy    meter point 87654321

Steering it at run time, on the same port, without authentication:
  PUT    /sandbox/faults                one fault or a list; replaces all before. A fault is an object of:
           "path", "method"             which requests: path prefix (default all), method (default any)
           "times"                      how many requests it is for (default: until it is replaced)
           "status", "body",            answer this in the operation's place (200 where only a body is
           "content-type", "repeat"     given); the body is sent "repeat" times over
           "headers", "retry-after"     headers to add, {"Age": "7"}; Retry-After in seconds
           "delay"                      hold the answer back: "500ms"
           "cut", "drop", "hang"        true: break off in mid-body; close unanswered; never answer
         The first fault that matches is the one. With status, body, drop or hang the operation does not
         run; with the others it runs first.
  DELETE /sandbox/faults                behave again
  POST   /sandbox/refuse                {"for": "5s"}: close all connections and refuse new ones that long
  POST   /sandbox/time-offset           {"offset": "36h"}
  GET    /sandbox/statistics            requests, with credentials, in flight, statuses by operation;
  DELETE /sandbox/statistics            connections; start counting anew
  PUT    /sandbox/access-records/AK     from now on verify answers this JSON as the record of AK; with
                                        ?raw=1 the body is the whole answer as it stands, with its
                                        Content-Type; ?status=NNN sets the status. Kept in memory only
  DELETE /sandbox/access-records/AK     answer what is known of AK again
  PUT    /sandbox/data-users/DUID       {"status": "active" | "suspended" | "terminated"}
  DELETE /sandbox/tokens                every token issued so far is worthless
  POST   /sandbox/identity-records/confirm   {"token-ref"}: the customer has confirmed

Signals: TERM and INT stop it; USR1 refuses connections until USR2.
Exit status: 0 stopped, 2 could not start.
)";

}  // namespace akgate::sandbox
