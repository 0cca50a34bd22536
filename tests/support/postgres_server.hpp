#pragma once

#include <string>
#include <string_view>

namespace callrail::test {

/// The server of the ctest that runs this program, or one of its own that ends with it. Takes a
/// second to come.
class PostgresServer {
 public:
  /// Null where no PostgreSQL is installed. A server that does not start ends the program.
  static const PostgresServer* get();

  std::string address(std::string_view database) const;
  /// Over TCP, where a password is asked for.
  std::string address(std::string_view database, std::string_view password) const;

  static constexpr std::string_view user = "callrail", password = "canary7pg5word";

 private:
  explicit PostgresServer(std::string_view line);
  static const PostgresServer* find();
  std::string folder_, port_;
};

}  // namespace callrail::test
