// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/answers_at_hand.hpp"
#include "gate/http_head.hpp"
#include "gate/http_input.hpp"
#include "gate/http_reply.hpp"
#include "gate/reception.hpp"
#include "gate/reply_buffer.hpp"
#include "gate/settings.hpp"
#include "platform/clock.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// How long the HTTP front has patience with a connection, and what it demands of a question.
struct HttpSettings {
  std::vector<std::string> required_headers;    ///< Of the five question headers.
  std::chrono::milliseconds head_time{10'000};  ///< For a head, from its first byte to its last.
  /// Between requests. Longer than proxies keep an idle connection (nginx 60 s, Traefik 90 s, Caddy
  /// 120 s): who ends it second never meets a request that is on its way.
  std::chrono::milliseconds idle_time{180'000};
  std::chrono::milliseconds reply_time{10'000};   ///< For the asker to take a reply.
  std::chrono::milliseconds leaving_time{2'000};  ///< For the asker to end, once we have.
};

/// What the HTTP front answers, and from what. `/check` and below it are questions, which a
/// session puts to the desk; the other replies are made here. On the desk's loop.
class HttpFront final : public Reception {
 public:
  struct Parts {
    Answers& answers;
    const Clock& clock;
    Loop& loop;
    const GateSettings& gate;  ///< As each question finds them.
    /// OpenMetrics text, ended by `# EOF`.
    std::function<std::string()> metrics;
    /// Why no question can be answered now, for a person; empty where they can.
    std::function<std::string()> not_ready;
  };

  /// What the parts refer to outlives the front, and the front its sessions.
  HttpFront(Parts parts, HttpSettings settings);

  [[nodiscard]] std::unique_ptr<ServedConnection> receive(Fd socket, EventLoop& loop) override;
  [[nodiscard]] std::string_view overloaded() const override { return overloaded_; }
  [[nodiscard]] std::string forbidden(std::string_view why) const override;

  [[nodiscard]] static bool is_question(const HttpHead& head);
  /// The reply to what is no question.
  [[nodiscard]] FrontReply reply_to(const HttpHead& head) const;

  [[nodiscard]] const Parts& parts() const { return parts_; }
  [[nodiscard]] AnswersAtHand& at_hand() { return at_hand_; }
  [[nodiscard]] const HttpSettings& settings() const { return settings_; }

  /// What its sessions lend one another: one has its turn at a time.
  struct Spare {
    HttpInput::Spare input;
    ReplyBuffer::Spare replies;
  };
  [[nodiscard]] Spare& spare() { return spare_; }

 private:
  const Parts parts_;
  const HttpSettings settings_;
  AnswersAtHand at_hand_;
  std::string overloaded_;
  Spare spare_;
};

}  // namespace akgate
