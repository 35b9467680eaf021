// SPDX-License-Identifier: Apache-2.0
#include "cli/bind.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/control_client.hpp"
#include "cli/key_file.hpp"
#include "cli/order.hpp"
#include "cli/spell.hpp"
#include "record/mpxn.hpp"

namespace akgate {

namespace {

constexpr std::array kBindOptions = {
    Option{.name = "file", .value = "FILE", .help = "bind what FILE lists, or `-` reads"},
    kControlSocketOption,
    kAgentConfigOption,
    kOrderJsonOption,
    kHelpOption,
    kVersionOption,
};

ExitCode bind_one(const Options& options) {
  const std::span<const std::string_view> operands = options.operands();
  if (operands.empty() || operands.size() > 2) {
    return complain(Error("name an access key and its meter point, or --file"));
  }
  if (operands.size() == 1 && AccessKey::parse(operands.front())) {
    return complain(Error("name the meter point too, behind the access key"));
  }
  const Result<AccessKey> key = take_proper_access_key(operands.first(operands.size() - 1));
  if (!key) return complain(key.error());
  const std::optional<Mpxn> mpxn = Mpxn::parse(operands.back());
  if (!mpxn) return complain(Error("the meter point that is given is no MPAN or MPRN"));
  return give_order(options, command_line("BIND", *key, mpxn->text()),
                    " is bound to the meter point");
}

/// Notes how the lines of a file went, and tells what was refused.
class Binding {
 public:
  explicit Binding(std::string_view file) : file_(file) {}

  void take(const KeyLine& line, const ControlReply& reply) {
    if (reply.done) {
      ++bound_;
    } else if (++refused_ <= kMaxShown) {
      complain(Error(file_ + ":" + std::to_string(line.number) + ": " + describe_refusal(reply)));
    }
  }

  [[nodiscard]] std::size_t refused() const { return refused_; }

  [[nodiscard]] std::string to_json(std::size_t keys) const {
    return R"({"keys":)" + std::to_string(keys) + R"(,"bound":)" + std::to_string(bound_) +
           R"(,"refused":)" + std::to_string(refused_) + "}";
  }

  [[nodiscard]] std::string summary(std::size_t keys) const {
    std::string text = std::to_string(bound_) + " of " + spell_count(keys, "key") + " bound";
    if (refused_ > 0) text += ", " + std::to_string(refused_) + " refused";
    if (refused_ > kMaxShown) text += " (the first " + std::to_string(kMaxShown) + " are shown)";
    return text;
  }

 private:
  static constexpr std::size_t kMaxShown = 20;

  std::string file_;
  std::size_t bound_ = 0;
  std::size_t refused_ = 0;
};

ExitCode bind_file(const Options& options, const std::string& file) {
  if (!options.operands().empty()) {
    return complain(Error("with --file, no access key or meter point is named"));
  }
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<Secret> text = read_key_file(file);
  if (!text) return complain(text.error());
  const Result<std::vector<KeyLine>> lines =
      parse_key_file(text->reveal(), file, KeyFileKind::bindings);
  if (!lines) return complain(lines.error());

  Binding binding(file);
  const Result<std::size_t> sent = send_commands(
      control->socket,
      {.count = lines->size(),
       .line =
           [&](std::size_t i) {
             const KeyLine& line = (*lines)[i];
             return command_line("BIND", line.key, line.mpxn->text());
           },
       .on_reply = [&](std::size_t i,
                       const ControlReply& reply) { binding.take((*lines)[i], reply); }});
  const std::string summary = binding.summary(lines->size());
  if (!sent) {
    return complain(Error(sent.error().what() + "; until then: " + summary +
                          ". Run it again: what is bound already may be bound again"));
  }
  const bool for_programs = options.has(kOrderJsonOption.name);
  const Status printed = print((for_programs ? binding.to_json(lines->size()) : summary) + "\n");
  if (!printed) return complain(printed.error());
  return binding.refused() == 0 ? ExitCode::done : ExitCode::finding;
}

ExitCode bind(const Options& options) {
  if (const auto file = options.value("file")) return bind_file(options, std::string(*file));
  return bind_one(options);
}

ExitCode unbind(const Options& options) {
  const Result<AccessKey> key = take_proper_access_key(options.operands());
  if (!key) return complain(key.error());
  return give_order(options, command_line("UNBIND", *key), " is bound to no meter point");
}

}  // namespace

constinit const Command kBindCommand{
    .name = "bind",
    .operands = "[AK|-] MPXN | --file FILE",
    .summary = "tell the agent which meter point an access key belongs to",
    .details =
        "AK `-` reads the access key from the standard input; without AK it is taken from\n"
        "AKGATE_ACCESS_KEY in the environment. FILE has a key and a meter point a line, with\n"
        "blanks or a comma between; # begins a comment. It is checked whole before any of it\n"
        "is sent, and others must not be able to read it.\n"
        "Ends with 0 where all is bound, 1 where the agent refused some, 2 on an error.\n",
    .options = kBindOptions,
    .run = bind,
};

constinit const Command kUnbindCommand{
    .name = "unbind",
    .operands = kAccessKeyOperand,
    .summary = "take back which meter point an access key belongs to",
    .details = kOrderEnds,
    .options = kOrderOptions,
    .run = unbind,
};

}  // namespace akgate
