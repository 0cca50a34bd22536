// No #pragma once and no includes: a part of walk.hpp. Nested values that are what their shape
// says. All of these return what is behind the value; nothing: a surprise.

const char* shaped_value(const char* at, const Shape& shape, int level);

inline const char* shaped_list(const char* at, const Shape& shape, int level) {
  if (shape.element == nullptr) return any_list(at, level);
  if (*at == ']') return at + 1;
  while (true) {
    at = shaped_value(at, *shape.element, level + 1);
    if (at == nullptr) return nullptr;
    const char c = *at++;
    if (c == ']') return at;
    if (c != ',') return nullptr;
  }
}

/// The key at `in`, which is at its opening quote, is this member's.
[[gnu::always_inline]] inline bool is_key(const char* in, const Foreseen& member) {
  return Vector::same(in, member.key.data(), member.mask);
}

/// A text with marks in it: its opening quote is at `at`, and they are not before `mark`.
[[gnu::noinline]] inline const char* marked_text(const char* at, const char* mark,
                                                 const Shape& shape) {
  if ((shape.accepts & accept_text) == 0) return nullptr;
  bool escapes;
  const char* const end = marked_string(mark, escapes);
  if (end == nullptr || shape.test == Shape::Test::none) return end;
  return passes(shape, at + 1, static_cast<std::size_t>(end - at - 2)) ? end : nullptr;
}

/// The value of a member: what ends in a block here, the rest elsewhere.
[[gnu::always_inline]] inline const char* member_value(const char* at, const Foreseen& member,
                                                       int level) {
  fetch_ahead(at);
  if (member.way == Foreseen::Way::text) {
    if (*at == '"') {
      At behind{at + 1, nullptr};
      const char* closing;
      if (!plain_text<false, false>(behind, closing))
        return marked_text(at, behind.in, *member.shape);
      const auto size = static_cast<std::size_t>(closing - at - 1);
      if (member.test != Shape::Test::none && !passes(*member.shape, at + 1, size)) return nullptr;
      return foreseen_quote(member, at + 1, closing) + 1;
    }
    if (is_null(at) && (member.accepts & accept_null) != 0) return at + 4;
  } else if (member.way == Foreseen::Way::scalar) {
    const Scalar found = scalar_token(at, member.accepts, member.integer);
    if (found.good) return at + found.size;
  }
  return shaped_value(at, *member.shape, level);
}

/// The members of an object from the one at `next` on, in whatever order.
[[gnu::noinline]] inline const char* shuffled_members(const char* at, const Shape& shape,
                                                      std::size_t next, int level) {
  const auto& members = shape.members;
  std::uint64_t seen = next == 0 ? 0 : ~std::uint64_t{0} >> (64 - next);
  while (true) {
    if (*at != '"') return nullptr;
    std::size_t i = next;
    if (i >= members.size() || !is_key(at, members[i]))
      for (i = 0; i < members.size() && !is_key(at, members[i]);) ++i;
    if (i < members.size()) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((seen & bit) != 0) return nullptr;
      seen |= bit;
      next = i + 1;
      at = member_value(at + members[i].size, members[i], level + 1);
    } else {
      // A key that is one of ours behind an escape is not recognised, so it must not have any.
      if (shape.closed) return nullptr;
      const char* const key = at;
      at = json_string(at + 1);
      if (at == nullptr || *at != ':') return nullptr;
      if (std::memchr(key, '\\', static_cast<std::size_t>(at - key)) != nullptr) return nullptr;
      at = any_value(at + 1, level + 1);
    }
    if (at == nullptr) return nullptr;
    const char c = *at++;
    if (c == '}') return (shape.required & ~seen) == 0 ? at : nullptr;
    if (c != ',') return nullptr;
  }
}

inline const char* shaped_object(const char* at, const Shape& shape, int level) {
  const std::size_t count = shape.members.size();
  if (count == 0) return any_object(at, level);
  if (*at == '}') return shape.required == 0 ? at + 1 : nullptr;
  const Foreseen* const members = shape.members.data();
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_key(at, members[i])) return shuffled_members(at, shape, i, level);
    at = member_value(at + members[i].size, members[i], level + 1);
    if (at == nullptr) return nullptr;
    const char c = *at++;
    if (c == ',') continue;
    if (c != '}') return nullptr;
    const std::uint64_t seen = ~std::uint64_t{0} >> (63 - i);
    return (shape.required & ~seen) == 0 ? at : nullptr;
  }
  return shuffled_members(at, shape, count, level);
}

[[gnu::noinline]] const char* shaped_value(const char* at, const Shape& shape, int level) {
  if (level > deepest) return nullptr;
  const char c = *at;
  if (c == '"') {
    if ((shape.accepts & accept_text) == 0) return nullptr;
    const char* const text = ++at;
    at = json_string(at);
    if (at == nullptr || shape.test == Shape::Test::none) return at;
    return passes(shape, text, static_cast<std::size_t>(at - 1 - text)) ? at : nullptr;
  }
  if (c == '{')
    return (shape.accepts & accept_object) == 0 ? nullptr : shaped_object(at + 1, shape, level);
  if (c == '[')
    return (shape.accepts & accept_array) == 0 ? nullptr : shaped_list(at + 1, shape, level);
  std::uint8_t kind;
  bool fraction;
  at = scalar_end(at, kind, fraction);
  return at == nullptr || (kind & shape.accepts) == 0 || (fraction && shape.integer) ? nullptr : at;
}
