#include <callrail/tee_sink.hpp>

#include <algorithm>
#include <utility>

namespace callrail {

/// Those that need no word of windows are opened with the first row, or at the end: an endpoint
/// that was refused leaves nothing in a folder.
class TeeSink::TeeWriter final : public Writer {
 public:
  TeeWriter(const std::vector<Sink*>& sinks, const Table& table) : table_{table} {
    for (Sink* const sink : sinks) parts_.push_back({sink, nullptr});
  }

  Status open(const Position& position) {
    for (Part& part : parts_)
      if (position != Position{} || part.sink->follows_windows())
        if (auto status = open(part, position); !status) return status;
    return {};
  }

  Status write(const Rows& rows) override {
    return each([&](Writer& writer) { return writer.write(rows); });
  }

  void settled(const Scope& scope, const WindowProof& proof, bool whole_list) override {
    for (Part& part : parts_)
      if (part.writer != nullptr) part.writer->settled(scope, proof, whole_list);
  }

  Result<Position> commit() override {
    Position first;
    for (Part& part : parts_) {
      if (part.writer == nullptr) continue;
      auto position = part.writer->commit();
      if (!position) return position;
      if (&part == &parts_.front()) first = *std::move(position);
    }
    return first;
  }

  Result<Position> finish() override {
    Position first;
    for (Part& part : parts_) {
      if (auto opened = open(part, {}); !opened) return std::unexpected(std::move(opened).error());
      auto position = part.writer->finish();
      if (!position) return position;
      if (&part == &parts_.front()) first = *std::move(position);
    }
    return first;
  }

  Status publish(const TableProof& proof) override {
    return each([&](Writer& writer) { return writer.publish(proof); });
  }

  void discard() override {
    for (Part& part : parts_)
      if (part.writer != nullptr) part.writer->discard();
  }

  std::uint64_t bytes() const override {
    return parts_.front().writer == nullptr ? 0 : parts_.front().writer->bytes();
  }

  bool all_or_nothing() const override {
    return std::ranges::all_of(parts_, [](const Part& part) {
      return part.writer == nullptr || part.writer->all_or_nothing();
    });
  }

  std::string where() const override {
    std::string out;
    for (const Part& part : parts_)
      if (part.writer != nullptr) out += (out.empty() ? "" : ", ") + part.writer->where();
    return out;
  }

 private:
  struct Part {
    Sink* sink = nullptr;
    std::unique_ptr<Writer> writer;
  };

  Status open(Part& part, const Position& position) {
    if (part.writer != nullptr) return {};
    auto writer = part.sink->open(table_, position);
    if (!writer) return std::unexpected(std::move(writer).error());
    part.writer = *std::move(writer);
    return {};
  }

  template <class Do>
  Status each(Do what) {
    for (Part& part : parts_) {
      if (auto opened = open(part, {}); !opened) return opened;
      if (auto status = what(*part.writer); !status) return status;
    }
    return {};
  }

  const Table& table_;
  std::vector<Part> parts_;
};

std::optional<RowLines> TeeSink::lines(const Table& table) const {
  auto first = sinks_.front()->lines(table);
  if (!first) return std::nullopt;
  for (const Sink* const sink : sinks_) {
    const auto other = sink->lines(table);
    if (!other || other->form != first->form || other->fields != first->fields) return std::nullopt;
  }
  return first;
}

bool TeeSink::follows_windows() const {
  return std::ranges::any_of(sinks_, [](const Sink* sink) { return sink->follows_windows(); });
}

Result<std::unique_ptr<Writer>> TeeSink::open(const Table& table, const Position& position) {
  auto writer = std::make_unique<TeeWriter>(sinks_, table);
  if (auto opened = writer->open(position); !opened)
    return std::unexpected(std::move(opened).error());
  return writer;
}

Result<bool> TeeSink::publish_finished(const Table& table, const Position& position,
                                       const TableProof& proof) {
  bool all = true;
  for (Sink* const sink : sinks_) {
    auto published = sink->publish_finished(table, position, proof);
    if (!published) return published;
    all = all && *published;
  }
  return all;
}

}  // namespace callrail
