#pragma once

#include <callrail/endpoint.hpp>

#include <array>

/// A made-up API of bands and their songs, some of which can be listened to.
namespace callrail::test {

inline constexpr std::array<Field, 2> song_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text},
    Field{.name = "tape", .type = Type::text, .accepts = accept_text | accept_null}};
inline constexpr std::array<Media, 1> song_media{
    Media{.field = "tape",
          .path = "/v1/{band_id}/songs/{song_id}/tape.json",
          .parameter = "song_id",
          .address = "url",
          .type = "audio/mpeg",
          .extension = "mp3"}};
inline constexpr Endpoint songs{.name = "songs",
                                .path = "/v1/{band_id}/songs.json",
                                .rows = "songs",
                                .key = "id",
                                .fields = song_fields,
                                .media = song_media};
inline constexpr std::array<const Endpoint*, 1> song_endpoints{&songs};
inline constexpr Api song_api{.url = "https://api.example.com", .endpoints = song_endpoints};

}  // namespace callrail::test
