#include <callrail/fake/listing.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

constexpr std::size_t most_views = 64;

/// Where the later rows of a list stand among the first ones.
struct Merged {
  const Marks& marks;
  std::uint64_t low, high;                                      ///< of the first rows
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extras;  ///< rank in the list, number

  std::uint64_t total() const { return marks.rank(high) - marks.rank(low) + extras.size(); }

  /// Numbers of `count` rows from rank `first` on, oldest first.
  std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t count) const {
    std::vector<std::uint64_t> out;
    auto extra = std::ranges::lower_bound(extras, first, {},
                                          &std::pair<std::uint64_t, std::uint64_t>::first);
    const auto before = static_cast<std::uint64_t>(extra - extras.begin());
    std::uint64_t next = marks.select(marks.rank(low) + first - before);
    for (std::uint64_t rank = first; rank < first + count; ++rank) {
      if (extra != extras.end() && extra->first == rank) {
        out.push_back((extra++)->second);
        continue;
      }
      if (next >= high) break;
      out.push_back(next);
      next = marks.next(next + 1);
    }
    return out;
  }
};

}  // namespace

std::shared_ptr<const Listing::View> Listing::view(const Wanted& wanted) const {
  std::string name{wanted.plan->facts->name};
  name += '\n' + std::to_string(wanted.account);
  for (const auto& [filter, value] : wanted.filters) name += '\n' + filter + '\n' + value;

  const World::Changes& changed = world_.changes(*wanted.plan, wanted.account);
  const std::lock_guard lock{mutex_};
  auto found = std::ranges::find(views_, name, [](const auto& v) { return v->name; });
  std::shared_ptr<View> view;
  if (found != views_.end() && (*found)->generation == changed.generation) {
    view = *found;
    views_.erase(found);
  } else {
    if (found != views_.end()) views_.erase(found);
    view = std::make_shared<View>();
    view->name = std::move(name);
    view->wanted = {wanted.plan, wanted.account, wanted.filters, {}, {}, Endpoint::npos, false, {}};
    view->marks = Marks{world_.first_rows(*wanted.plan, wanted.account)};
    view->generation = changed.generation;
    for (std::uint64_t i = 0; i < view->marks.size(); ++i)
      view->marks.set(i, lets_through(wanted, world_.row(*wanted.plan, wanted.account, i)));
    view->marks.count();
    view->seen = changed.journal.size();
  }
  if (view->seen < changed.journal.size()) {
    for (; view->seen < changed.journal.size(); ++view->seen) {
      const std::uint64_t number = changed.journal[view->seen];
      if (number < view->marks.size())
        view->marks.set(number,
                        lets_through(wanted, world_.row(*wanted.plan, wanted.account, number)));
    }
    view->marks.count();
  }
  views_.push_front(view);
  if (views_.size() > most_views) views_.pop_back();
  return view;
}

Listing::Slice Listing::slice(const Wanted& wanted, std::uint64_t first,
                              std::uint64_t count) const {
  if (wanted.plan->parent >= 0) return below(wanted, first, count);
  const auto view = this->view(wanted);
  const Timeline& timeline = world_.timeline(*wanted.plan, wanted.account);
  Merged merged{view->marks, 0, timeline.rows(), {}};
  if (wanted.from) merged.low = timeline.first_from(*wanted.from);
  if (wanted.to) merged.high = std::max(timeline.first_after(*wanted.to), merged.low);

  std::uint64_t j = 0;
  for (const World::Extra& extra : world_.changes(*wanted.plan, wanted.account).extras) {
    if ((wanted.from && extra.at < *wanted.from) || (wanted.to && extra.at > *wanted.to)) continue;
    if (!lets_through(wanted, world_.row(*wanted.plan, wanted.account, extra.number))) continue;
    const std::uint64_t stands =
        std::clamp(timeline.first_after(extra.at), merged.low, merged.high);
    merged.extras.emplace_back(view->marks.rank(stands) - view->marks.rank(merged.low) + j++,
                               extra.number);
  }

  Slice out;
  out.total = merged.total();
  const auto row = [&](std::uint64_t number) {
    return world_.row(*wanted.plan, wanted.account, number);
  };
  if (wanted.order_by != Endpoint::npos) {
    std::vector<Row> all;
    for (const std::uint64_t n : merged.numbers(0, out.total)) all.push_back(row(n));
    return sorted(wanted, std::move(all), first, count);
  }
  if (first >= out.total) return out;
  count = std::min(count, out.total - first);
  auto numbers = merged.numbers(wanted.newest_first ? out.total - first - count : first, count);
  if (wanted.newest_first) std::ranges::reverse(numbers);
  out.rows.reserve(numbers.size());
  for (const std::uint64_t n : numbers) out.rows.push_back(row(n));
  return out;
}

Listing::Slice Listing::below(const Wanted& wanted, std::uint64_t first,
                              std::uint64_t count) const {
  Slice out;
  if (!wanted.parent) return out;
  out.total = world_.children(*wanted.plan, *wanted.parent);
  const auto row = [&](std::uint64_t place) {
    return world_.child(*wanted.plan, *wanted.parent, place);
  };
  if (wanted.order_by != Endpoint::npos) {
    std::vector<Row> all;
    for (std::uint64_t i = 0; i < out.total; ++i) all.push_back(row(i));
    return sorted(wanted, std::move(all), first, count);
  }
  for (std::uint64_t i = first; i < std::min(first + count, out.total); ++i)
    out.rows.push_back(row(i));
  return out;
}

Listing::Slice Listing::sorted(const Wanted& wanted, std::vector<Row> all, std::uint64_t first,
                               std::uint64_t count) const {
  struct Keyed {
    double number = 0;
    std::string text;
    std::size_t place = 0;  ///< equal values stay in the order of time
    Row row;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(all.size());
  for (const Row& row : all) {
    Keyed k{0, {}, keyed.size(), row};
    world_.append_field(k.text, row, wanted.order_by);
    if (const FieldPlan& field = wanted.plan->fields[wanted.order_by];
        field.main == accept_number && !k.text.empty())
      k.number = std::strtod(k.text.c_str() + (k.text.front() == '"' ? 1 : 0), nullptr);
    keyed.push_back(std::move(k));
  }
  std::ranges::sort(keyed, [&](const Keyed& a, const Keyed& b) {
    const Keyed& low = wanted.newest_first ? b : a;
    const Keyed& high = wanted.newest_first ? a : b;
    if (low.number != high.number) return low.number < high.number;
    return low.text != high.text ? low.text < high.text : a.place < b.place;
  });
  Slice out;
  out.total = keyed.size();
  for (std::uint64_t i = first; i < std::min(first + count, out.total); ++i)
    out.rows.push_back(keyed[i].row);
  return out;
}

}  // namespace callrail::fake
