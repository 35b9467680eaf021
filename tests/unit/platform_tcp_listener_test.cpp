// SPDX-License-Identifier: Apache-2.0
#include "platform/tcp_listener.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

#include "platform/unix_socket.hpp"

namespace akgate {
namespace {

std::uint16_t port_of(const TcpListener& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

Fd connect_to(std::uint16_t port) {
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  return socket;
}

TEST(TcpListener, listens_on_loopback_addresses_only) {
  for (const std::string address : {"127.0.0.1:0", "127.1.2.3:0", "localhost:0"}) {
    const auto listener = TcpListener::listen(address, 1);
    EXPECT_TRUE(listener.ok()) << listener.error().what();
  }
  for (const std::string address :
       {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:80x", "127.0.1:80",
        "0.0.0.0:80", "192.168.1.1:80", "128.0.0.1:80", "[::]:80", "::1:80", "example.org:80",
        "127.0.0.1.example.org:80"}) {
    const auto listener = TcpListener::listen(address, 1);
    ASSERT_FALSE(listener.ok()) << address;
    EXPECT_NE(listener.error().what().find("no loopback address"), std::string::npos) << address;
  }
}

TEST(TcpListener, a_port_in_use_is_said_to_be) {
  const auto first = TcpListener::listen("127.0.0.1:0", 1);
  ASSERT_TRUE(first.ok());
  const auto second = TcpListener::listen("127.0.0.1:" + std::to_string(port_of(*first)), 1);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().what().find("in use"), std::string::npos) << second.error().what();
}

TEST(TcpListener, gives_what_waits_and_never_blocks) {
  auto listener = TcpListener::listen("127.0.0.1:0", 8);
  ASSERT_TRUE(listener.ok());
  EXPECT_FALSE(listener->accept().value().has_value());
  const Fd client = connect_to(port_of(*listener));
  auto accepted = listener->accept();
  ASSERT_TRUE(accepted.ok() && accepted->has_value());
  const int connection = (*accepted)->get();
  std::array<char, 8> room{};
  EXPECT_EQ(receive(connection, room).kind, Transfer::Kind::would_block);
  EXPECT_FALSE(peer_credentials(connection)) << "nobody can be told";
}

TEST(Streams, end_of_sending_leaves_receiving) {
  auto listener = TcpListener::listen("127.0.0.1:0", 8);
  ASSERT_TRUE(listener.ok());
  const Fd client = connect_to(port_of(*listener));
  auto accepted = listener->accept();
  ASSERT_TRUE(accepted.ok() && accepted->has_value());
  const int connection = (*accepted)->get();
  EXPECT_EQ(send(connection, "last").kind, Transfer::Kind::moved);
  end_sending(connection);
  std::array<char, 8> room{};
  EXPECT_EQ(receive(client.get(), room).bytes, 4U);
  EXPECT_EQ(receive(client.get(), room).kind, Transfer::Kind::closed);
  EXPECT_EQ(send(client.get(), "still").kind, Transfer::Kind::moved);
  EXPECT_EQ(receive(connection, room).bytes, 5U);
}

}  // namespace
}  // namespace akgate
