#include "first_mistake.hpp"
#include "general_reader.hpp"
#include "predicting_reader.hpp"

#include <callrail/page.hpp>

namespace callrail {

namespace {

const Kernel& kernel_of(Reader reader) {
  if (reader == Reader::portable) return plain_kernel();
  if (reader != Reader::avx2) return best_kernel();
  return avx2_kernel() != nullptr ? *avx2_kernel() : plain_kernel();
}

/// "row 2 is malformed: a colon is missing (byte 27 of 33)"
std::unexpected<Error> refusal(Text page, std::string what, const char* at) {
  std::size_t byte = page.size();
  if (const auto mistake = first_mistake(page); mistake && !trimmed(page).empty()) {
    what.append(": ").append(mistake->what);
    byte = mistake->byte;
  } else if (at != nullptr && at >= page.data() && at <= page.data() + page.size()) {
    byte = static_cast<std::size_t>(at - page.data());
  }
  what += " (byte " + std::to_string(byte) + " of " + std::to_string(page.size()) + ")";
  return fail(Code::bad_answer, std::move(what));
}

}  // namespace

void LineBuffer::grow(std::size_t least) { hold(least < 2 * capacity_ ? 2 * capacity_ : least); }

void LineBuffer::hold(std::size_t capacity) {
  void* const bytes = std::realloc(bytes_.get(), capacity);
  if (bytes == nullptr) throw std::bad_alloc{};
  (void)bytes_.release();
  bytes_.reset(static_cast<char*>(bytes));
  capacity_ = capacity;
}

void Page::shrink_text() {
  const char* const before = text_.data();
  text_.shrink();
  for (Text& line : lines_) line = {text_.data() + (line.data() - before), line.size()};
}

class PageDecoder::Impl {
 public:
  explicit Impl(Reader reader) : reader_{reader}, predicting_{parser_, kernel_of(reader)} {}

  Status read(const PageTask& task, Text text, Page& into, Drift& drift) {
    expected_.clear();
    for (std::size_t i = 0; i < task.endpoint.fields.size(); ++i) {
      const Field& field = task.endpoint.fields[i];
      const bool always = field.sent == Sent::always && !field.may_be_absent && !task.only_asked;
      expected_.push_back(always || task.asked.has(i));
    }
    if (trimmed(text).empty()) return refusal(text, "the answer is empty", nullptr);
    // The kernels stop at a NUL and look for no end.
    const bool is_list = task.endpoint.rows != Endpoint::row_itself;
    if (reader_ != Reader::general && is_list && text.data()[text.size()] == '\0') {
      clear(into, task);
      Drift noted = drift;  // which findings are told apart depends on those there are
      Arena arena{into.unescaped_};
      PageRows rows{into.envelope, into.cells_, arena,         into.text_,
                    ends_,         into.count_, extra_of(task)};
      if (predicting_.page(task, expected_, text, rows, noted)) {
        drift = std::move(noted);
        drift.rows += into.count_;
        find_lines(into, task);
        return {};
      }
    }
    return read_generally(task, text, into, drift);
  }

 private:
  void clear(Page& page, const PageTask& task) {
    page.envelope = {};
    page.cells_.clear();
    page.unescaped_.clear();
    page.text_.clear();
    page.lines_.clear();
    page.count_ = 0;
    page.width_ = task.lines != nullptr ? task.wanted.order().size() : task.width();
    ends_.clear();
    extra_.clear();
  }

  ExtraMembers* extra_of(const PageTask& task) { return task.keep_unknown ? &extra_ : nullptr; }

  void find_lines(Page& page, const PageTask& task) {
    if (task.lines == nullptr) return;
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      page.lines_.emplace_back(page.text_.data() + begin, end - begin);
      begin = end;
    }
  }

  Status read_generally(const PageTask& task, Text text, Page& page, Drift& drift) {
    clear(page, task);
    simdjson::ondemand::document document;
    const auto error =
        parser_.iterate(text.data(), text.size(), text.size() + Body::padding).get(document);
    if (error != simdjson::SUCCESS) return refusal(text, "the answer is not JSON", nullptr);
    Arena arena{page.unescaped_};
    const bool spelled = task.lines != nullptr;
    wide_.clear();
    const Selection* wanted = &task.wanted;
    Selection both;
    if (spelled) {
      both = task.wanted;
      for (const std::size_t field : task.lines->fields) both.add(field);
      wanted = &both;
    }
    std::vector<Cell>& cells = spelled ? wide_ : page.cells_;
    ReadTask reading{task.endpoint, task.paging, *wanted, expected_,     drift,
                     page.envelope, cells,       arena,   extra_of(task)};
    GeneralReader reader{reading};
    if (!reader.page(document)) return refusal(text, reader.mistake, reader.mistake_at);
    const std::size_t width = task.width();
    page.count_ = width == 0 ? 0 : cells.size() / width;
    drift.rows += page.count_;
    if (!spelled) return {};
    for (std::size_t row = 0; row < page.count_; ++row) {
      PageRows rows{page.envelope, page.cells_, arena, page.text_, ends_, page.count_};
      spell_row(task, wide_.data() + row * width, rows);
    }
    find_lines(page, task);
    return {};
  }

  Reader reader_;
  std::vector<bool> expected_;
  std::vector<std::size_t> ends_;
  std::vector<Cell> wide_;
  ExtraMembers extra_;
  simdjson::ondemand::parser parser_;
  PredictingReader predicting_;
};

PageDecoder::PageDecoder(Reader reader) : impl_{std::make_unique<Impl>(reader)} {}
PageDecoder::~PageDecoder() = default;
PageDecoder::PageDecoder(PageDecoder&&) noexcept = default;

Status PageDecoder::read(const PageTask& task, Text text, Page& into, Drift& drift) {
  return impl_->read(task, text, into, drift);
}

Result<Page> PageDecoder::decode(const PageTask& task, Body&& body, Drift& drift) {
  static_assert(Body::padding >= simdjson::SIMDJSON_PADDING);
  Page page;
  if (auto status = read(task, body.text(), page, drift); !status)
    return std::unexpected(std::move(status).error());
  if (task.lines == nullptr)
    page.body_ = std::move(body);
  else
    page.shrink_text();
  return page;
}

}  // namespace callrail
