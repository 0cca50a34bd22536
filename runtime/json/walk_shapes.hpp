// No #pragma once and no includes: a part of walk.hpp. Nested values that are what their shape
// says.

template <Spell spell>
At shaped_value(At at, const Shape& shape, int level);

template <Spell spell>
At shaped_list(At at, const Shape& shape, int level) {
  if (shape.element == nullptr) return any_list<spell>(at, level);
  if (*at.in == ']') {
    put<spell>(at, *at.in++);
    return at;
  }
  while (true) {
    at = shaped_value<spell>(at, *shape.element, level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != ']') return surprise;
    put<spell>(at, c);
    if (c == ']') return at;
  }
}

/// The key at `in`, which is at its opening quote, is this member's.
[[gnu::always_inline]] inline bool is_key(const char* in, const Foreseen& member) {
  return Vector::same(in, member.key.data(), member.mask);
}

[[gnu::always_inline]] inline void copy_key(char* out, const char* key, std::size_t size) {
  Vector::store(out, Vector::load(key));
  if (size > Vector::width) Vector::store(out + Vector::width, Vector::load(key + Vector::width));
}

template <Spell spell>
[[gnu::always_inline]] inline void put_key(At& at, const Foreseen& member) {
  if constexpr (spell == Spell::raw) {
    copy_key(at.out, member.key.data(), member.size);
    at.out += member.size;
  } else if constexpr (spell == Spell::doubled) {
    copy_key(at.out, member.quoted.data(), member.quoted_size);
    at.out += member.quoted_size;
  }
}

/// The value of a member: texts and null here, the rest elsewhere.
template <Spell spell>
[[gnu::always_inline]] inline At member_value(At at, const Foreseen& member, int level) {
  if (*at.in == '"') {
    if ((member.accepts & accept_text) == 0) return surprise;
    const char* const text = ++at.in;
    at = json_string<spell>(at);
    if (member.test == Shape::Test::none || at.in == nullptr) return at;
    return passes(*member.shape, text, static_cast<std::size_t>(at.in - 1 - text)) ? at : surprise;
  }
  if (begins(at.in, "null") && (member.accepts & accept_null) != 0) {
    if constexpr (spell != Spell::nothing) std::memcpy(at.out, "null", 4), at.out += 4;
    at.in += 4;
    return at;
  }
  if (begins(at.in, "{}") && (member.accepts & accept_object) != 0 && member.shape->required == 0) {
    if constexpr (spell != Spell::nothing) std::memcpy(at.out, "{}", 2), at.out += 2;
    at.in += 2;
    return at;
  }
  return shaped_value<spell>(at, *member.shape, level);
}

/// The members of an object from the one at `next` on, in whatever order.
template <Spell spell>
[[gnu::noinline]] At shuffled_members(At at, const Shape& shape, std::size_t next, int level) {
  const auto& members = shape.members;
  std::uint64_t seen = next == 0 ? 0 : ~std::uint64_t{0} >> (64 - next);
  while (true) {
    if (*at.in != '"') return surprise;
    std::size_t i = next;
    if (i >= members.size() || !is_key(at.in, members[i]))
      for (i = 0; i < members.size() && !is_key(at.in, members[i]);) ++i;
    if (i < members.size()) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((seen & bit) != 0) return surprise;
      seen |= bit;
      next = i + 1;
      put_key<spell>(at, members[i]);
      at.in += members[i].size;
      at = member_value<spell>(at, members[i], level + 1);
    } else {
      // A key that is one of ours behind an escape is not recognised, so it must not have any.
      if (shape.closed) return surprise;
      const char* const key = at.in++;
      at = json_string<spell>(at);
      if (at.in == nullptr || *at.in != ':') return surprise;
      if (std::memchr(key, '\\', static_cast<std::size_t>(at.in - key)) != nullptr) return surprise;
      put<spell>(at, *at.in++);
      at = any_value<spell>(at, level + 1);
    }
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != '}') return surprise;
    put<spell>(at, c);
    if (c == '}') return (shape.required & ~seen) == 0 ? at : surprise;
  }
}

template <Spell spell>
At shaped_object(At at, const Shape& shape, int level) {
  const std::size_t count = shape.members.size();
  if (count == 0) return any_object<spell>(at, level);
  if (*at.in == '}') {
    put<spell>(at, *at.in++);
    return shape.required == 0 ? at : surprise;
  }
  const Foreseen* const members = shape.members.data();
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_key(at.in, members[i])) return shuffled_members<spell>(at, shape, i, level);
    put_key<spell>(at, members[i]);
    at.in += members[i].size;
    at = member_value<spell>(at, members[i], level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    put<spell>(at, c);
    if (c == ',') continue;
    if (c != '}') return surprise;
    const std::uint64_t seen = ~std::uint64_t{0} >> (63 - i);
    return (shape.required & ~seen) == 0 ? at : surprise;
  }
  return shuffled_members<spell>(at, shape, count, level);
}

template <Spell spell>
[[gnu::noinline]] At shaped_value(At at, const Shape& shape, int level) {
  if (level > deepest) return surprise;
  const char c = *at.in;
  if (c == '"') {
    if ((shape.accepts & accept_text) == 0) return surprise;
    const char* const text = ++at.in;
    at = json_string<spell>(at);
    if (at.in == nullptr) return surprise;
    if (shape.test != Shape::Test::none &&
        !passes(shape, text, static_cast<std::size_t>(at.in - 1 - text)))
      return surprise;
    return at;
  }
  if (c == '{' || c == '[') {
    if ((shape.accepts & (c == '{' ? accept_object : accept_array)) == 0) return surprise;
    put<spell>(at, c);
    ++at.in;
    return c == '{' ? shaped_object<spell>(at, shape, level) : shaped_list<spell>(at, shape, level);
  }
  std::uint8_t kind;
  bool fraction;
  at = scalar<spell>(at, kind, fraction);
  if (at.in == nullptr || (kind & shape.accepts) == 0 || (fraction && shape.integer))
    return surprise;
  return at;
}
