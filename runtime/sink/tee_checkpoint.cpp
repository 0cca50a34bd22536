#include <callrail/tee_checkpoint.hpp>

#include <algorithm>
#include <tuple>

namespace callrail {

namespace {

/// Grows with every commit of a run: each settles a window at least, or lays lists out.
auto progress(const SavedEndpoint& saved) {
  std::uint64_t windows = static_cast<std::uint64_t>(
      std::ranges::count(saved.windows, true, &SavedEndpoint::Window::settled));
  std::uint64_t lists = saved.lists.size();
  if (saved.many) {
    windows += saved.many->sum.unread;
    for (const std::uint64_t of_proof : saved.many->sum.windows) windows += of_proof;
    lists = saved.many->laid_out;
  }
  return std::tuple{saved.stage,    windows, saved.position.bytes, saved.position.rows,
                    saved.requests, lists,   saved.windows.size()};
}

}  // namespace

Result<std::optional<SavedEndpoint>> TeeCheckpoint::load(Text endpoint) {
  std::vector<std::optional<SavedEndpoint>> all;
  for (Checkpoint* const checkpoint : checkpoints_) {
    auto saved = checkpoint->load(endpoint);
    if (!saved) return saved;
    all.push_back(*std::move(saved));
  }
  const auto is_older = [](const auto& a, const auto& b) {
    return !a ? b.has_value() : b && progress(*a) < progress(*b);
  };
  const auto oldest = std::ranges::min_element(all, is_older);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_older(*oldest, all[i])) continue;
    // What changed since cannot be taken out piece by piece.
    if (auto status = checkpoints_[i]->forget(endpoint); !status)
      return std::unexpected(std::move(status).error());
    if (!*oldest) continue;
    const CheckpointChange whole{.facts = &**oldest,
                                 .lists = true,
                                 .windows = {},
                                 .new_keys = (*oldest)->keys.size(),
                                 .seen_anew = true};
    if (auto status = checkpoints_[i]->save(endpoint, whole); !status)
      return std::unexpected(std::move(status).error());
  }
  return std::move(*oldest);
}

Status TeeCheckpoint::save(Text endpoint, const CheckpointChange& change) {
  for (std::size_t i = checkpoints_.size(); i-- > 0;)
    if (auto status = checkpoints_[i]->save(endpoint, change); !status) return status;
  return {};
}

Status TeeCheckpoint::forget(Text endpoint) {
  for (std::size_t i = checkpoints_.size(); i-- > 0;)
    if (auto status = checkpoints_[i]->forget(endpoint); !status) return status;
  return {};
}

}  // namespace callrail
