// SPDX-License-Identifier: Apache-2.0
#include "register/transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "register/curl_library.hpp"
#include "register/flight.hpp"
#include "register/tls_files.hpp"
#include "register/url.hpp"

namespace akgate {

namespace {

// Connections are made anew at least that often, so that a moved register or a changed certificate
// is noticed.
constexpr std::chrono::seconds kMaxConnectionAge = std::chrono::hours(1);

// 0 would mean "for ever" to curl, and its milliseconds are a long, which on 32 bits ends at 24
// days.
bool is_sensible(std::chrono::milliseconds time) {
  return time >= std::chrono::milliseconds(1) && time <= std::chrono::hours(1);
}

struct MultiCleanup {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

}  // namespace

struct Transport::State {
  State(EventLoop& on_loop, RegisterSettings with_settings, TlsFiles with_tls)
      : loop(on_loop), settings(std::move(with_settings)), tls(std::move(with_tls)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  void start_multi();
  void dispatch();
  void act(curl_socket_t socket, int events);
  void land();
  [[nodiscard]] std::chrono::seconds max_connection_age() const;

  static int on_socket(CURL*, curl_socket_t socket, int wanted, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);

  struct Waiting {
    HttpRequest request;
    OnReply on_reply;
  };

  CurlLibrary library;
  EventLoop& loop;
  RegisterSettings settings;
  TlsFiles tls;
  std::deque<Waiting> waiting;
  std::vector<std::unique_ptr<Flight>> flying;
  std::unique_ptr<CURLM, MultiCleanup> multi{curl_multi_init()};
  Loop::TimerId timer = 0;
  std::optional<BootTime> last_timeout;
  bool landing = false;
};

Transport::State::~State() {
  AKGATE_ASSERT(!landing);
  // In this order: a handle leaves the multi before it goes, and the multi unwatches its sockets
  // while the loop is still known here.
  for (const auto& flight : flying) curl_multi_remove_handle(multi.get(), flight->handle());
  flying.clear();
  multi.reset();
  loop.cancel(timer);
}

void Transport::State::start_multi() {
  const auto set = [&](CURLMoption option, auto value) {
    AKGATE_ASSERT(curl_multi_setopt(multi.get(), option, value) == CURLM_OK);
  };
  AKGATE_ASSERT(multi != nullptr);
  set(CURLMOPT_SOCKETFUNCTION, &State::on_socket);
  set(CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  set(CURLMOPT_TIMERFUNCTION, &State::on_timer);
  set(CURLMOPT_TIMERDATA, static_cast<void*>(this));
  set(CURLMOPT_MAXCONNECTS, static_cast<long>(settings.max_in_flight));
}

// Curl tells what it wants of a socket. It removes each before it closes it.
int Transport::State::on_socket(CURL* /*handle*/, curl_socket_t socket, int wanted, void* self,
                                void* /*unused*/) {
  auto& state = *static_cast<State*>(self);
  if (wanted == CURL_POLL_REMOVE) {
    state.loop.unwatch(socket);
    return 0;
  }
  const Readiness readiness{.readable = (wanted & CURL_POLL_IN) != 0,
                            .writable = (wanted & CURL_POLL_OUT) != 0};
  // Where the system has no more room for watching, the request ends by its time-out.
  static_cast<void>(state.loop.watch(socket, readiness, [&state, socket](Readiness ready) {
    state.act(socket,
              (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
  }));
  return 0;
}

// Curl wants to be called after that time, 0 included, but not from in here; -1: no more.
int Transport::State::on_timer(CURLM* /*multi*/, long milliseconds, void* self) {
  auto& state = *static_cast<State*>(self);
  state.loop.cancel(state.timer);
  state.timer = 0;
  if (milliseconds >= 0) {
    state.timer =
        state.loop.at(state.loop.now() + std::chrono::milliseconds(milliseconds), [&state] {
          state.timer = 0;
          state.act(CURL_SOCKET_TIMEOUT, 0);
        });
  }
  return 0;
}

void Transport::State::act(curl_socket_t socket, int events) {
  int running = 0;
  AKGATE_ASSERT(curl_multi_socket_action(multi.get(), socket, events, &running) == CURLM_OK);
  land();
}

void Transport::State::land() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    const CURLcode code = message->data.result;  // the message goes when its handle is removed
    const auto place = std::find_if(flying.begin(), flying.end(), [&](const auto& flight) {
      return flight->handle() == message->easy_handle;
    });
    AKGATE_ASSERT(place != flying.end());
    std::unique_ptr<Flight> flight = std::move(*place);
    flying.erase(place);
    curl_multi_remove_handle(multi.get(), flight->handle());
    if (code == CURLE_OPERATION_TIMEDOUT) last_timeout = loop.now();
    HttpReply reply = flight->take_reply(code);
    const OnReply on_reply = flight->take_on_reply();
    flight.reset();
    dispatch();
    landing = true;
    on_reply(std::move(reply));
    landing = false;
  }
}

// A link that swallowed one request has most likely forgotten all connections of before, and each
// would cost another time-out: they are not used again.
std::chrono::seconds Transport::State::max_connection_age() const {
  if (!last_timeout) return kMaxConnectionAge;
  const auto since = std::chrono::floor<std::chrono::seconds>(loop.now() - *last_timeout);
  return std::clamp(since, std::chrono::seconds(1), kMaxConnectionAge);
}

void Transport::State::dispatch() {
  while (!waiting.empty() && flying.size() < settings.max_in_flight) {
    Waiting next = std::move(waiting.front());
    waiting.pop_front();
    flying.push_back(std::make_unique<Flight>(settings, tls, std::move(next.request),
                                              std::move(next.on_reply), max_connection_age()));
    AKGATE_ASSERT(curl_multi_add_handle(multi.get(), flying.back()->handle()) == CURLM_OK);
  }
}

Transport::Transport(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transport::~Transport() = default;

Result<std::unique_ptr<Transport>> Transport::create(EventLoop& loop, RegisterSettings settings) {
  if (Status usable = check_register_url(settings.url); !usable) return std::move(usable).error();
  while (settings.url.ends_with('/')) settings.url.pop_back();
  if (!is_sensible(settings.connect_timeout) || !is_sensible(settings.timeout)) {
    return Error("register.connect-timeout and register.timeout must lie between 1 ms and 1 h");
  }
  if (settings.max_in_flight == 0) return Error("register.max-in-flight must be at least 1");
  TlsFiles tls;
  if (settings.url.starts_with("https:")) {
    auto files = read_tls_files(settings);
    if (!files) return std::move(files).error();
    tls = std::move(*files);
  }
  auto state = std::make_unique<State>(loop, std::move(settings), std::move(tls));
  if (Status able = check_curl(state->tls); !able) return std::move(able).error();
  state->start_multi();
  return std::unique_ptr<Transport>(new Transport(std::move(state)));
}

void Transport::send(HttpRequest request, OnReply on_reply) {
  state_->waiting.push_back({.request = std::move(request), .on_reply = std::move(on_reply)});
  state_->dispatch();
}

void Transport::post(Task task) { state_->loop.post(std::move(task)); }

std::string transport_version() {
  const curl_version_info_data* const version = curl_version_info(CURLVERSION_NOW);
  return std::string(version->version) + " " +
         (version->ssl_version == nullptr ? "no TLS" : version->ssl_version);
}

}  // namespace akgate
