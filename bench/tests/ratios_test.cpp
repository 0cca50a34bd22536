#include <gmock/gmock.h>

#include <ratios/measure.hpp>

namespace callrail::bench {
namespace {

using testing::HasSubstr;

/// As slow as somebody who reads everything so many times.
class Repeating final : public Contender {
 public:
  Repeating(std::unique_ptr<Contender> one, int times) : one_{std::move(one)}, times_{times} {}
  Result<Made> read(Body& body) override {
    for (int i = 1; i < times_; ++i) (void)one_->read(body);
    return one_->read(body);
  }
  std::uint64_t look() override { return one_->look(); }

 private:
  std::unique_ptr<Contender> one_;
  int times_;
};

class BenchRatios : public testing::Test {
 protected:
  Pages pages = make_pages({.bytes = 1'500'000});
  std::vector<Entry> entries = all_contenders();

  Entry repeating(const std::string& name, const std::string& like, int times) {
    const Make make = find(entries, like)->make;
    return {name, find(entries, like)->truth,
            [=](const Task& task) { return std::make_unique<Repeating>(make(task), times); }};
  }
};

TEST_F(BenchRatios, SayHowMuchLongerTheOthersTake) {
  const std::vector<Entry> chosen{*find(entries, "csv/all/general"),
                                  repeating("csv/all/thrice", "csv/all/general", 3)};
  Judge judge{entries, Variant::full, pages};
  const auto measured = measure(chosen, judge, 5);
  ASSERT_TRUE(measured) << measured.error().what;
  EXPECT_DOUBLE_EQ(*measured->at(0).general, 1);
  // Wide, because other programs run meanwhile.
  EXPECT_GT(*measured->at(1).general, 0.2);
  EXPECT_LT(*measured->at(1).general, 0.5);
  EXPECT_FALSE(measured->at(1).touch) << "nobody measured it";
}

TEST_F(BenchRatios, AreNotGivenForAWrongAnswer) {
  Entry wrong = *find(entries, "csv/12/simdjson");
  wrong.truth = "ndjson/12/general";
  Judge judge{entries, Variant::full, pages};
  const auto measured = measure({*find(entries, "csv/12/general"), wrong}, judge, 1);
  ASSERT_FALSE(measured);
  EXPECT_THAT(measured.error().what, HasSubstr("csv/12/simdjson: page 1"));
}

TEST_F(BenchRatios, ArePrintedForPeopleAndForPrograms) {
  std::vector<Measured> all(1);
  all[0].name = "csv/all/ours";
  all[0].seconds = 0.5;
  all[0].touch = 2.5;
  pages.bytes = 100'000'000;
  pages.rows = 20'000;
  EXPECT_THAT(
      to_table(all, pages),
      HasSubstr("csv/all/ours                        200     40000    25000     2.50        -"));
  EXPECT_THAT(
      to_json(all, pages, Variant::full, 15),
      HasSubstr(
          R"({"name":"csv/all/ours","seconds":0.500000,"bytes_per_second":200000000,"rows_per_second":40000,"times":{"touch":2.5000,"stage1":null,)"));
}

}  // namespace
}  // namespace callrail::bench
