// SPDX-License-Identifier: Apache-2.0
#include "register/authorized_transport.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "register/reply.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// A pause that doubles with each failure.
class Pause {
 public:
  [[nodiscard]] bool lasts(BootTime now) const { return now < until_; }
  void longer(BootTime now, seconds longest, milliseconds at_least = {}) {
    if (lasts(now)) return;  // Of requests under way together, the first has seen to it.
    length_ = std::clamp(2 * length_, seconds(1), longest);
    until_ = now + std::max<milliseconds>(length_, at_least);
  }
  void end() { *this = Pause(); }

 private:
  seconds length_{0};
  BootTime until_ = BootTime::min();
};

// Accounts get locked for credentials that are offered again and again; a register that cannot
// answer is asked again soon.
constexpr seconds kLongestPauseOfOurs{5 * 60};
constexpr seconds kLongestPauseOfTheirs{30};
constexpr milliseconds kLongestRetryAfter = std::chrono::minutes(5);

milliseconds told_to_wait(const HttpReply& reply) {
  const bool told = reply.status == 429 || (reply.status == 503 && reply.retry_after);
  if (!told) return milliseconds(0);
  return std::min(reply.retry_after.value_or(seconds(1)), kLongestRetryAfter);
}

// A token is given up that long before it expires: the requests sent with it must still arrive.
milliseconds margin_of(seconds lifetime) {
  return std::min<milliseconds>(seconds(30), milliseconds(lifetime) / 10);
}

Ending no_account() {
  return ending(
      Outcome::refused,
      "the register asks for a bearer token and no account is configured; set register.account-id "
      "and register.secret-key-file");
}

// What kept us from a token before, and does so still.
Ending as_before(Ending obstacle) {
  obstacle.silence = Silence::none;
  obstacle.retry_after.reset();
  obstacle.attested.reset();
  return obstacle;
}

Ending asked_to_wait() {
  return ending(Outcome::silent, "the register asked us to wait with what needs a bearer token");
}

// What kept us from having a token, where the reply holds none.
std::optional<Ending> obstacle_in(const HttpReply& reply) {
  auto end = read_without_answer(reply,
                                 "the register refused our credentials; check register.account-id "
                                 "and register.secret-key-file");
  if (!end && reply.status != 200) {
    end = malformed("no token is to be had at this address (status 404); check register.url");
  }
  return end;
}

}  // namespace

struct AuthorizedTransport::State : std::enable_shared_from_this<State> {
  State(Transport& its_transport, const Clock& its_clock, Account its_account)
      : transport(its_transport), clock(its_clock), account(std::move(its_account)) {
    if (account.id.empty()) told.state = TokenState::no_account;
  }

  struct Held {
    std::uint64_t number;  // Tells it from the one before.
    BearerToken token;
    BootTime good_until;
    BootTime expires_at;
  };

  using HeldPtr = std::shared_ptr<const Held>;

  // How a look for a token ended: with one, or with a reply, if any, and what that means.
  struct Grant {
    HeldPtr held = nullptr;
    HttpReply reply = {};
    Ending obstacle = {};
    bool made_a_request = false;
  };
  using OnGrant = std::function<void(const Grant&)>;

  // A request on its way, which may take two attempts.
  struct Inquiry {
    HttpRequest request;
    OnReply on_reply;
    std::span<const std::string_view> refused_roles;
    unsigned requests = 0;
    bool again = false;

    Inquiry(HttpRequest its_request, OnReply its_on_reply,
            std::span<const std::string_view> its_refused_roles)
        : request(std::move(its_request)),
          on_reply(std::move(its_on_reply)),
          refused_roles(its_refused_roles) {}
    Inquiry(const Inquiry&) = delete;
    Inquiry& operator=(const Inquiry&) = delete;
    ~Inquiry() { wipe(request.body.data(), request.body.size()); }
  };
  using InquiryPtr = std::shared_ptr<Inquiry>;

  [[nodiscard]] BootTime now() const { return clock.read().boot; }
  void with_token(OnGrant on_grant);
  void request_token();
  void take_token_reply(HttpReply reply, BootTime sent_at);
  [[nodiscard]] Grant read_token_reply(HttpReply& reply, BootTime sent_at);
  [[nodiscard]] HeldPtr hold(BearerToken token, BootTime sent_at);

  void send(const InquiryPtr& inquiry);
  void send_with(const Held& held, const InquiryPtr& inquiry);
  void take_reply(const InquiryPtr& inquiry, std::uint64_t token_number, TokenClaims claims,
                  HttpReply reply);
  [[nodiscard]] bool try_again(const Inquiry& inquiry, std::uint64_t token_number);
  static void give_up(const Inquiry& inquiry, HttpReply reply, Ending obstacle, TokenClaims claims);

  Transport& transport;
  const Clock& clock;
  const Account account;
  HeldPtr current;  // Null: none, or given up.
  std::uint64_t tokens = 0;
  std::vector<OnGrant> waiting;  // For the one request for a token that is under way.
  Pause fetch_pause;             // After a token that could not be had,
  Ending last_obstacle;          // and why.
  Pause told_pause;              // What Retry-After said of other requests.
  Pause renewal_pause;

  // For state(), which any thread may ask. Under a lock: 32-bit MIPS has no atomic times.
  struct Told {
    TokenState state = TokenState::none;
    BootTime good_until = {};  // Where a token is held.
  };
  void tell(Told news) {
    const std::scoped_lock lock(telling);
    told = news;
  }
  std::mutex telling;
  Told told;
};

// `on_grant` is called at once where a token is held, else later.
void AuthorizedTransport::State::with_token(OnGrant on_grant) {
  if (current && now() < current->good_until) return on_grant({.held = current});
  current.reset();
  if (account.id.empty() || fetch_pause.lasts(now())) {
    Grant none{.obstacle = account.id.empty() ? no_account() : as_before(last_obstacle)};
    return transport.post(
        [weak = weak_from_this(), on_grant = std::move(on_grant), none = std::move(none)] {
          if (const auto self = weak.lock()) on_grant(none);
        });
  }
  waiting.push_back(std::move(on_grant));
  if (waiting.size() == 1) request_token();
}

void AuthorizedTransport::State::request_token() {
  transport.send(token_request(account),
                 [weak = weak_from_this(), sent_at = now()](HttpReply reply) {
                   const auto self = weak.lock();
                   if (self) self->take_token_reply(std::move(reply), sent_at);
                 });
}

void AuthorizedTransport::State::take_token_reply(HttpReply reply, BootTime sent_at) {
  Grant grant = read_token_reply(reply, sent_at);
  grant.made_a_request = true;
  for (const OnGrant& on_grant : std::exchange(waiting, {})) {
    on_grant(grant);
    grant.made_a_request = false;  // It is counted once, for the first.
  }
}

AuthorizedTransport::State::Grant AuthorizedTransport::State::read_token_reply(HttpReply& reply,
                                                                               BootTime sent_at) {
  std::optional<Ending> obstacle = obstacle_in(reply);
  if (!obstacle) {
    auto token = read_token_answer(reply);
    if (token) {
      current = hold(*std::move(token), sent_at);
    } else {
      obstacle = malformed(token.error().what());
    }
  }
  wipe(reply.body.data(), reply.body.size());
  reply.body.clear();
  if (!obstacle) return {.held = current};
  const bool our_fault = obstacle->outcome == Outcome::refused;
  fetch_pause.longer(now(), our_fault ? kLongestPauseOfOurs : kLongestPauseOfTheirs,
                     told_to_wait(reply));
  last_obstacle = *obstacle;
  tell({.state = our_fault ? TokenState::refused : TokenState::unreachable});
  return {.reply = std::move(reply), .obstacle = *std::move(obstacle)};
}

AuthorizedTransport::State::HeldPtr AuthorizedTransport::State::hold(BearerToken token,
                                                                     BootTime sent_at) {
  const BootTime expires_at = sent_at + token.lifetime;
  const BootTime good = expires_at - margin_of(token.lifetime);
  fetch_pause.end();
  tell({.state = TokenState::held, .good_until = good});
  return std::make_shared<const Held>(Held{
      .number = ++tokens, .token = std::move(token), .good_until = good, .expires_at = expires_at});
}

void AuthorizedTransport::State::send(const InquiryPtr& inquiry) {
  if (told_pause.lasts(now())) {
    return transport.post([weak = weak_from_this(), inquiry] {
      if (!weak.expired()) give_up(*inquiry, {}, asked_to_wait(), {});
    });
  }
  with_token([self = this, inquiry](const Grant& grant) {
    if (grant.made_a_request) ++inquiry->requests;
    if (grant.held) {
      self->send_with(*grant.held, inquiry);
    } else {
      give_up(*inquiry, grant.reply, grant.obstacle, {});
    }
  });
}

void AuthorizedTransport::State::send_with(const Held& held, const InquiryPtr& inquiry) {
  const TokenClaims& claims = held.token.claims;
  const auto& roles = inquiry->refused_roles;
  if (std::find(roles.begin(), roles.end(), claims.role) != roles.end()) {
    return transport.post([weak = weak_from_this(), inquiry, claims] {
      if (weak.expired()) return;
      give_up(*inquiry, {},
              ending(Outcome::refused, "the register refuses this to accounts of our role"),
              claims);
    });
  }
  HttpRequest request = inquiry->request;
  request.authorization = Secret::joined({"Bearer ", held.token.text.reveal()});
  ++inquiry->requests;
  transport.send(std::move(request),
                 [weak = weak_from_this(), inquiry, number = held.number, claims](HttpReply reply) {
                   const auto self = weak.lock();
                   if (self) self->take_reply(inquiry, number, claims, std::move(reply));
                 });
}

void AuthorizedTransport::State::take_reply(const InquiryPtr& inquiry, std::uint64_t token_number,
                                            TokenClaims claims, HttpReply reply) {
  const bool unauthorized = reply.status == 401;
  const milliseconds wait = told_to_wait(reply);
  if (wait > milliseconds(0)) told_pause.longer(now(), seconds(1), wait);
  if (reply.status == 200) told_pause.end();
  if (unauthorized && try_again(*inquiry, token_number)) {
    wipe(reply.body.data(), reply.body.size());
    inquiry->again = true;
    return send(inquiry);
  }
  if (inquiry->again && unauthorized) renewal_pause.longer(now(), kLongestPauseOfOurs);
  if (inquiry->again && !unauthorized && reply.status != 0) renewal_pause.end();
  inquiry->on_reply({.http = std::move(reply),
                     .authorized = true,
                     .obstacle = {},
                     .requests = inquiry->requests,
                     .claims = std::move(claims)});
}

// Whether there is, or should be, a newer token than the one that got a 401. Of the requests that
// flew with the same one, the first to come back sees to it.
bool AuthorizedTransport::State::try_again(const Inquiry& inquiry, std::uint64_t token_number) {
  if (inquiry.again) return false;
  if (!current || current->number != token_number) return true;
  if (renewal_pause.lasts(now())) return false;
  current.reset();
  tell({});
  return true;
}

void AuthorizedTransport::State::give_up(const Inquiry& inquiry, HttpReply reply, Ending obstacle,
                                         TokenClaims claims) {
  reply.problem = obstacle.detail;
  obstacle.requests = inquiry.requests;
  inquiry.on_reply({.http = std::move(reply),
                    .authorized = false,
                    .obstacle = std::move(obstacle),
                    .requests = inquiry.requests,
                    .claims = std::move(claims)});
}

AuthorizedTransport::AuthorizedTransport(Transport& transport, const Clock& clock, Account account)
    : state_(std::make_shared<State>(transport, clock, std::move(account))) {}

AuthorizedTransport::~AuthorizedTransport() = default;

void AuthorizedTransport::send(HttpRequest request, OnReply on_reply,
                               std::span<const std::string_view> refused_roles) {
  state_->send(
      std::make_shared<State::Inquiry>(std::move(request), std::move(on_reply), refused_roles));
}

void AuthorizedTransport::fetch(std::function<void(Result<Token>)> on_token) {
  state_->transport.post([weak = state_->weak_from_this(), on_token = std::move(on_token)] {
    const auto state = weak.lock();
    if (!state) return;
    state->with_token([self = state.get(), on_token](const State::Grant& grant) {
      if (!grant.held) return on_token(Error(grant.obstacle.detail));
      const auto lasts = std::chrono::floor<seconds>(grant.held->expires_at - self->now());
      on_token(Token{.text = grant.held->token.text,
                     .lasts = std::max(lasts, seconds(0)),
                     .claims = grant.held->token.claims});
    });
  });
}

TokenState AuthorizedTransport::state() const {
  const std::scoped_lock lock(state_->telling);
  const State::Told& told = state_->told;
  const bool over = told.state == TokenState::held && state_->now() >= told.good_until;
  return over ? TokenState::none : told.state;
}

}  // namespace akgate
