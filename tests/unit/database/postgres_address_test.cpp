#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <postgres_address.hpp>

namespace callrail {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::string where(const std::string& address) {
  const auto read = read_postgres_address(address);
  return read ? read->where : read.error().what;
}

TEST(PostgresAddresses, AreShownWithHostAndDatabaseAlone) {
  EXPECT_EQ(where("postgresql://db.example.com/crm"), "postgresql://db.example.com/crm");
  EXPECT_EQ(where("postgres://anna:canary@db.example.com:5432/crm?sslmode=require"),
            "postgresql://db.example.com/crm");
  EXPECT_EQ(where("postgresql://anna:can%2Fary%40@db.example.com:6432/crm"),
            "postgresql://db.example.com:6432/crm");
  EXPECT_EQ(where("postgresql://anna@/crm?host=/run/pg&password=canary"),
            "postgresql:///crm?host=/run/pg");
  EXPECT_EQ(where("postgresql://anna@/crm?host=/run/pg&port=5433"),
            "postgresql:///crm?host=/run/pg&port=5433");
  EXPECT_EQ(where("postgresql://[2001:db8::1]:6432/crm"), "postgresql://[2001:db8::1]:6432/crm");
  EXPECT_EQ(where("postgresql://one:1234,two:2345/crm"), "postgresql://one:1234,two:2345/crm");
  EXPECT_EQ(where("postgresql:///crm"), "postgresql:///crm");
}

// libpq takes the rest of such a password for the host, the port or the database.
TEST(PostgresAddresses, WithPasswordsThatAreNotEncodedAreRefusedAndNotRepeated) {
  for (const char* address :
       {"postgresql://anna:can@ary@db.example.com/crm",
        "postgresql://anna:can/ary@db.example.com/crm",
        "postgresql://anna:12/canary@db.example.com/crm", "postgresql://anna:canary",
        "postgresql://anna:can%ary@db.example.com/crm",
        "postgresql://anna:ca@n/ary@db.example.com/crm", "postgresql://db.example.com/crm?canary",
        "postgresql://db.example.com/crm?canary=1",
        "postgresql://anna:12?canary/x@db.example.com/crm", "postgresql://[canary/crm"}) {
    const auto read = read_postgres_address(address);
    ASSERT_FALSE(read) << address << " is " << read->where;
    EXPECT_EQ(read.error().code, Code::bad_request);
    EXPECT_THAT(read.error().what, Not(HasSubstr("ary"))) << address;
    EXPECT_THAT(read.error().what, HasSubstr("%40"));
  }
}

TEST(PostgresAddresses, SayWhoAsksAndNoticeADeadServerUnlessTheySayOtherwise) {
  const auto read = read_postgres_address(
      "postgresql://db.example.com/crm?connect_timeout=3&sslmode=verify-full");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->parameters, Contains(Pair("connect_timeout", "3")));
  EXPECT_THAT(read->parameters, Not(Contains(Pair("connect_timeout", "10"))));
  EXPECT_THAT(read->parameters, Contains(Pair("sslmode", "verify-full")));
  EXPECT_THAT(read->parameters, Contains(Pair("fallback_application_name", "callrail-batch")));
  EXPECT_THAT(read->parameters, Contains(Pair("tcp_user_timeout", "60000")));
}

}  // namespace
}  // namespace callrail
