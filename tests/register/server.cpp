// SPDX-License-Identifier: Apache-2.0
#include "tests/register/server.hpp"

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include "base/text.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::size_t kMostBodyBytes = std::size_t{64} * 1024;
constexpr std::size_t kConnectionMemory =
    std::size_t{32} * 1024;  // request line and headers must fit
constexpr unsigned kMostConnections = 1000;
constexpr unsigned kIdleSeconds = 120;
constexpr unsigned kMostThreads = 8;
constexpr auto kLookAfterHanging = std::chrono::milliseconds(100);

/// One request on its way in, and its answer on the way out.
struct Exchange {
  Request request;
  bool answered = false;  ///< the response is known; if it had to wait, it has waited
  Response response;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

MHD_Result take_field(void* fields, MHD_ValueKind kind, const char* name, const char* value) {
  std::string key(name);
  if (kind == MHD_HEADER_KIND) {
    std::transform(key.begin(), key.end(), key.begin(), lower);
  }
  static_cast<Fields*>(fields)->emplace_back(std::move(key), value != nullptr ? value : "");
  return MHD_YES;
}

/// The body of an answer that will be cut: libmicrohttpd announces all of it and gets half.
ssize_t give_half(void* body, std::uint64_t position, char* out, std::size_t room) {
  const auto& text = *static_cast<std::string*>(body);
  const std::size_t half = text.size() / 2;
  if (position >= half) {
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
  const auto from = static_cast<std::size_t>(position);
  const std::size_t part = std::min(room, half - from);
  std::memcpy(out, text.data() + from, part);
  return static_cast<ssize_t>(part);
}

MHD_Result send(MHD_Connection* connection, Response& response) {
  MHD_Response* raw = nullptr;
  if (response.delivery == Delivery::cut) {
    raw = MHD_create_response_from_callback(
        response.body.size(), kConnectionMemory, give_half, new std::string(response.body),
        [](void* body) { delete static_cast<std::string*>(body); });
  } else {
    raw = MHD_create_response_from_buffer(response.body.size(), response.body.data(),
                                          MHD_RESPMEM_MUST_COPY);
  }
  const std::unique_ptr<MHD_Response, void (*)(MHD_Response*)> out(raw, MHD_destroy_response);
  if (!out) {
    return MHD_NO;
  }
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(out.get(), name.c_str(), value.c_str());
  }
  return MHD_queue_response(connection, static_cast<unsigned>(response.status), out.get());
}

/// Suspends the connection; when it is resumed, the exchange goes on where it was.
void wait_for(Server& server, MHD_Connection* connection, std::chrono::milliseconds time) {
  MHD_suspend_connection(connection);
  server.alarms().set(Alarms::Clock::now() + time,
                      [connection] { MHD_resume_connection(connection); });
}

/// Resumes a connection that was suspended for ever as soon as its client has left or the server
/// stops.
void watch_hanging(Server& server, MHD_Connection* connection, int descriptor) {
  if (server.stopping() || has_left(descriptor)) {
    MHD_resume_connection(connection);
    return;
  }
  server.alarms().set(Alarms::Clock::now() + kLookAfterHanging, [&server, connection, descriptor] {
    watch_hanging(server, connection, descriptor);
  });
}

MHD_Result hang(Server& server, MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  const int descriptor = info->connect_fd;
  MHD_suspend_connection(connection);
  watch_hanging(server, connection, descriptor);
  return MHD_YES;
}

/// The request is whole: asks for the answer, and sends it when its time has come.
MHD_Result answer(Server& server, MHD_Connection* connection, Exchange& exchange) {
  auto& response = exchange.response;
  if (!exchange.answered) {
    exchange.answered = true;
    response = server.callbacks().handle(exchange.request);
    if (response.delay.count() > 0) {
      wait_for(server, connection, response.delay);
      return MHD_YES;
    }
  }
  if (server.stopping() || response.delivery == Delivery::drop) {
    return MHD_NO;
  }
  if (response.delivery == Delivery::hang) {
    response.delivery = Delivery::drop;  // what is left to do when it is resumed
    return hang(server, connection);
  }
  return send(connection, response);
}

/// The headers are here. A body that announces to be too long is answered at once, and never read.
MHD_Result begin(Server& server, MHD_Connection* connection, const char* url, const char* method,
                 Exchange& exchange) {
  Request& request = exchange.request;
  request.method = method;
  request.path = url;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, take_field, &request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_field, &request.query);
  const auto* length = request.header("content-length");
  request.too_large =
      length != nullptr && parse_number(*length).value_or(kMostBodyBytes + 1) > kMostBodyBytes;
  if (!request.too_large) {
    return MHD_YES;
  }
  exchange.response = server.callbacks().handle(request);
  return send(connection, exchange.response);
}

// libmicrohttpd's signature. NOLINTNEXTLINE(readability-function-size)
MHD_Result on_request(void* context, MHD_Connection* connection, const char* url,
                      const char* method, const char* /*version*/, const char* upload,
                      std::size_t* upload_size, void** state) {
  auto& server = *static_cast<Server*>(context);
  if (*state == nullptr) {
    auto* exchange = new Exchange;
    *state = exchange;
    return begin(server, connection, url, method, *exchange);
  }
  auto& exchange = *static_cast<Exchange*>(*state);
  if (*upload_size == 0) {
    return answer(server, connection, exchange);
  }
  // Only a chunked body, which announces no length, can still be too long here.
  if (exchange.request.body.size() + *upload_size > kMostBodyBytes) {
    return MHD_NO;
  }
  exchange.request.body.append(upload, *upload_size);
  *upload_size = 0;
  return MHD_YES;
}

void on_over(void* /*server*/, MHD_Connection* /*connection*/, void** state,
             MHD_RequestTerminationCode /*why*/) {
  const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*state));
  *state = nullptr;
  if (exchange) {
    for (const auto& call : exchange->response.when_over) {
      call();
    }
  }
}

void on_connection(void* server, MHD_Connection* /*connection*/, void** /*state*/,
                   MHD_ConnectionNotificationCode what) {
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    static_cast<Server*>(server)->callbacks().connection_accepted();
  }
}

/// libmicrohttpd only says that it could not start; GnuTLS says what is wrong with a certificate or
/// key.
Status check_identity(const TlsIdentity& tls) {
  gnutls_certificate_credentials_t raw = nullptr;
  if (gnutls_certificate_allocate_credentials(&raw) != 0) {
    return Error("there is no memory for TLS");
  }
  const std::unique_ptr<gnutls_certificate_credentials_st,
                        void (*)(gnutls_certificate_credentials_t)>
      credentials(raw, gnutls_certificate_free_credentials);
  const auto datum = [](const std::string& pem) {
    gnutls_datum_t view{};
    view.data = const_cast<unsigned char*>(
        static_cast<const unsigned char*>(static_cast<const void*>(pem.data())));
    view.size = static_cast<unsigned>(pem.size());
    return view;
  };
  const auto certificate = datum(tls.certificate);
  const auto key = datum(tls.key);
  const int loaded = gnutls_certificate_set_x509_key_mem(credentials.get(), &certificate, &key,
                                                         GNUTLS_X509_FMT_PEM);
  if (loaded < 0) {
    return Error(std::string("the TLS certificate and key cannot be used (PEM files that belong "
                             "together are needed): ") +
                 gnutls_strerror(loaded));
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Listener listener, const TlsIdentity& tls,
                                              const ServerCallbacks& callbacks) {
  const bool with_tls = !tls.certificate.empty();
  if (with_tls) {
    if (auto usable = check_identity(tls); !usable) {
      return std::move(usable).error();
    }
  }
  if (auto listening = listener.listen(); !listening) {
    return std::move(listening).error();
  }
  std::unique_ptr<Server> server(new Server(callbacks));
  std::array<MHD_OptionItem, 3> tls_options{{
      {MHD_OPTION_HTTPS_MEM_CERT, 0, const_cast<char*>(tls.certificate.c_str())},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, const_cast<char*>(tls.key.c_str())},
      {MHD_OPTION_END, 0, nullptr},
  }};
  auto* options = with_tls ? tls_options.data() : &tls_options.back();
  const unsigned flags = static_cast<unsigned>(MHD_USE_EPOLL_INTERNAL_THREAD) |
                         static_cast<unsigned>(MHD_ALLOW_SUSPEND_RESUME) |
                         static_cast<unsigned>(MHD_USE_SUPPRESS_DATE_NO_CLOCK) |
                         (with_tls ? static_cast<unsigned>(MHD_USE_TLS) : 0U);
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 2U, kMostThreads);
  server->daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, on_request, server.get(),        //
                                     MHD_OPTION_LISTEN_SOCKET, listener.descriptor(),             //
                                     MHD_OPTION_THREAD_POOL_SIZE, threads,                        //
                                     MHD_OPTION_CONNECTION_LIMIT, kMostConnections,               //
                                     MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,                 //
                                     MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,       //
                                     MHD_OPTION_NOTIFY_COMPLETED, &on_over, server.get(),         //
                                     MHD_OPTION_NOTIFY_CONNECTION, &on_connection, server.get(),  //
                                     MHD_OPTION_ARRAY, options,                                   //
                                     MHD_OPTION_END);
  if (server->daemon_ == nullptr) {
    return Error("the HTTP server cannot be started on port " + std::to_string(listener.port()));
  }
  listener.release();  // it is the daemon's now, which closes it
  return server;
}

Server::~Server() {
  stopping_ = true;
  alarms_
      .stop();  // resumes every connection that waits: none may be suspended when the daemon stops
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);
  }
}

}  // namespace akgate::sandbox
