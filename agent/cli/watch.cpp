// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/access_key_argument.hpp"
#include "cli/answer_watch.hpp"
#include "cli/console.hpp"
#include "cli/inquiry.hpp"
#include "platform/clock.hpp"
#include "platform/process.hpp"
#include "record/timestamp.hpp"

namespace akgate {

namespace {

constexpr int kStdout = 1;

std::string line_for_person(const GateReply& reply) {
  return format_timestamp(SystemClock().read().wall) + "  " + headline(reply) + "\n";
}

ExitCode watch(const Options& options) {
  const Result<Inquiry> inquiry = take_inquiry(options);
  if (!inquiry) return complain(inquiry.error());
  Result<Secret> question = question_line("WATCH", *inquiry, AnswerWatch::kId);
  if (!question) return complain(question.error());
  const Result<std::unique_ptr<EventLoop>> created = EventLoop::create();
  if (!created) return complain(created.error());
  EventLoop& loop = **created;
  const auto stop = [&loop] { loop.stop(); };
  // A terminal that is closed ends it too.
  const auto signals = Signals::watch(loop, {.terminate = stop, .reload = stop});
  if (!signals) return complain(signals.error());

  const bool for_programs = options.has("json");
  std::optional<Error> fault;
  const auto end = [&](const Error& why) {
    fault = why;
    loop.stop();
  };
  AnswerWatch watching(loop, inquiry->socket, *std::move(question),
                       {.on_verdict =
                            [&](const GateReply& reply) {
                              const Status printed =
                                  print(for_programs ? to_json(reply) : line_for_person(reply));
                              if (!printed) end(printed.error());
                            },
                        .on_note = [](const std::string& note) { complain(Error(note)); },
                        .on_end = end});
  // So that it does not live on, without news, when nobody reads any more. A file cannot be waited
  // for, and goes nowhere; and what there is to read, such as from a terminal, is not for us.
  static_cast<void>(loop.watch(kStdout, {.readable = true}, [&](Readiness now) {
    loop.unwatch(kStdout);
    const bool hung_up = now.writable;
    if (hung_up) end(Error("nobody reads the standard output any more"));
  }));
  watching.start();
  loop.run();
  return fault ? complain(*fault) : ExitCode::done;
}

}  // namespace

constinit const Command kWatchCommand{
    .name = "watch",
    .operands = kAccessKeyOperand,
    .summary = "ask the agent, and print each change of the answer until interrupted",
    .details =
        "Prints the answer as it is now, and a line whenever verdict or reason change: with\n"
        "--json, one JSON object a line. Where the agent goes, the standard error says so, and\n"
        "the agent started after it is asked; until then, rely on no answer longer than it is\n"
        "good for. Ends with 0 when interrupted (SIGINT, SIGTERM), 2 where the question cannot\n"
        "be asked.\n",
    .options = kInquiryOptions,
    .run = watch,
};

}  // namespace akgate
