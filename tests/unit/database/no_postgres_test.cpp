#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <database.hpp>

namespace callrail {
namespace {

TEST(BuildsWithoutPostgres, SaySoAndDoNotRepeatThePassword) {
  const auto opened = open_database("postgresql://anna:canary@db.example.com/crm", true);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_EQ(opened.error().what,
            "this build has no PostgreSQL; install libpq-dev and build again, or write "
            "sqlite:callrail.db");
}

}  // namespace
}  // namespace callrail
