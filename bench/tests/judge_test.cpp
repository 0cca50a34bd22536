#include <gmock/gmock.h>

#include <contenders/judge.hpp>

namespace callrail::bench {
namespace {

using testing::HasSubstr;

/// Another contender that changes its answer on the way out.
class Liar final : public Contender {
 public:
  enum class About { rows, bytes, text, later };
  Liar(std::unique_ptr<Contender> honest, About about)
      : honest_{std::move(honest)}, about_{about} {}

  Result<Made> read(Body& body) override {
    auto made = honest_->read(body);
    ++pages_;
    if (made && about_ == About::rows) --made->rows;
    if (made && about_ == About::bytes) ++made->bytes;
    if (made && about_ == About::later && pages_ > 2) ++made->bytes;
    return made;
  }
  std::uint64_t look() override { return honest_->look() ^ (about_ == About::text ? 1U : 0U); }

 private:
  std::unique_ptr<Contender> honest_;
  About about_;
  int pages_ = 0;
};

class BenchJudge : public testing::Test {
 protected:
  Pages pages = make_pages({.bytes = 1'500'000});

  static Entry liar(Liar::About about) {
    const auto all = all_contenders();
    const Make honest = find(all, "csv/all/general")->make;
    return {"csv/all/liar", "csv/all/general",
            [=](const Task& task) { return std::make_unique<Liar>(honest(task), about); }};
  }
};

TEST_F(BenchJudge, FindsNothingToSayAboutThoseWeHaveOnAnyVariant) {
  for (const Text name : variant_names) {
    Pages some = make_pages({.variant = *variant_of(name), .bytes = 1'500'000});
    Judge judge{all_contenders(), *variant_of(name), some};
    for (const Entry& entry : judge.entries()) {
      const auto answer = judge.check(entry);
      ASSERT_TRUE(answer) << name << ": " << answer.error().what;
      const Status ran = judge.run(*entry.make(judge.task(entry)), *answer);
      EXPECT_TRUE(ran) << name << ": " << ran.error().what;
    }
  }
}

TEST_F(BenchJudge, RefusesAMissingRow) {
  Judge judge{all_contenders(), Variant::full, pages};
  const auto answer = judge.check(liar(Liar::About::rows));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().what, HasSubstr("csv/all/liar: 498 rows, and 500 of csv/all/general"));
}

TEST_F(BenchJudge, RefusesOtherTextAndNamesThePage) {
  Judge judge{all_contenders(), Variant::full, pages};
  const auto answer = judge.check(liar(Liar::About::text));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().what, HasSubstr("csv/all/liar: page 1"));
}

TEST_F(BenchJudge, RefusesAnAnswerThatChangesAfterTheCheck) {
  Judge judge{all_contenders(), Variant::full, pages};
  const Entry entry = liar(Liar::About::later);
  const auto checked = judge.check(entry);
  ASSERT_TRUE(checked);
  const auto contender = entry.make(judge.task(entry));
  EXPECT_TRUE(judge.run(*contender, *checked));
  EXPECT_FALSE(judge.run(*contender, *checked));
}

TEST_F(BenchJudge, RefusesAPageThatIsNotOne) {
  pages.bodies[1] = Body{R"({"error":"no"})"};
  Judge judge{all_contenders(), Variant::full, pages};
  for (const char* const name :
       {"csv/all/general", "csv/all/simdjson", "csv/all/simdjson_members", "ndjson/12/simdjson",
        "typed/all/simdjson", "touch/all/simdjson", "touch/all/simdjson_dom", "touch/all/nlohmann"})
    EXPECT_FALSE(judge.check(*find(judge.entries(), name))) << name;
}

}  // namespace
}  // namespace callrail::bench
