#include <callrail/fake/answers.hpp>
#include <callrail/fake/gzip.hpp>
#include <callrail/fake/limits.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/vocabulary.hpp>

namespace callrail::fake {
namespace {

constexpr Text web_page =
    "<!DOCTYPE html><html><head><title>Sign in</title></head>"
    "<body><h1>Please sign in</h1><p>error: no data here</p></body></html>\n";

void set_header(Reply& reply, Text name, std::string value) {
  std::erase_if(reply.headers, [&](const auto& h) { return same_word(h.first, name); });
  if (!value.empty()) reply.headers.emplace_back(name, std::move(value));
}

void set_body(Reply& reply, Text type, std::string body) {
  set_header(reply, "Content-Type", std::string{type});
  reply.body = std::move(body);
}

std::chrono::milliseconds time_of(const Fault& fault, std::chrono::milliseconds otherwise) {
  return fault.argument.empty() ? otherwise : read_duration(fault.argument).value_or(otherwise);
}

int number_of(const Fault& fault, int otherwise) {
  const auto value = whole_number(fault.argument);
  return value ? static_cast<int>(*value) : otherwise;
}

/// The field a fault names, or the first one sent that will do.
std::size_t target(const Fault& fault, const EndpointPlan& plan,
                   const std::vector<std::size_t>& fields, auto will_do) {
  if (!fault.argument.empty()) return plan.facts->find(fault.argument);
  for (const std::size_t i : fields)
    if (i != plan.key && i != plan.instant && will_do(plan.fields[i])) return i;
  return Endpoint::npos;
}

}  // namespace

World::Patch patch_for(const Fault& fault, const EndpointPlan& plan,
                       std::vector<std::size_t>& fields) {
  const auto is_text = [](const FieldPlan& f) {
    return f.main == accept_text && f.look != Look::choice && f.look != Look::instant;
  };
  World::Patch patch;
  switch (fault.trouble) {
    case Trouble::new_field:
      patch.more =
          ',' +
          json_string(fault.argument.empty() ? Text{"never_heard_of"} : Text{fault.argument}) +
          ":{\"since\":\"today\"}";
      break;
    case Trouble::type_change:
      patch.field = target(fault, plan, fields, [](const FieldPlan& f) {
        return (f.field->accepts & accept_object) == 0;
      });
      patch.value = R"({"value":1,"unit":"new"})";
      break;
    case Trouble::null_key:
      patch.field = key_in_rows(*plan.facts);
      patch.value = "null";
      break;
    case Trouble::unknown_enum:
      patch.field = target(fault, plan, fields, [](const FieldPlan& f) {
        return f.look == Look::choice && f.main == accept_text;
      });
      patch.value = "\"never_heard_of\"";
      break;
    case Trouble::big_text:
      patch.field = target(fault, plan, fields, is_text);
      patch.value = '"' + std::string(1 << 20, 'x') + '"';
      break;
    case Trouble::nul_text:
      patch.field = target(fault, plan, fields, is_text);
      patch.value = "\"before\\u0000after\"";
      break;
    case Trouble::missing_field: {
      const std::size_t gone = target(fault, plan, fields, [](const FieldPlan& f) {
        return f.field->sent == Sent::always && !f.field->may_be_absent;
      });
      std::erase(fields, gone);
      break;
    }
    default: break;
  }
  return patch;
}

void spoil(Answer& answer, const Fault& fault, const Ask& ask) {
  using namespace std::chrono;
  Reply& reply = answer.reply;
  switch (fault.trouble) {
    case Trouble::status:
      reply.status = fault.status;
      answer.rows = 0;
      set_header(reply, "Retry-After",
                 retry_after_value(fault.retry_after, seconds{number_of(fault, 1)}, ask.at));
      // Gateways answer with a page of their own.
      if (fault.argument == "empty")
        set_body(reply, "", "");
      else if (fault.argument == "html" || fault.status == 502 || fault.status == 504)
        set_body(reply, "text/html",
                 "<html><body><h1>" + std::to_string(fault.status) + "</h1></body></html>\n");
      break;
    case Trouble::refused: reply.wire = Wire::refused; break;
    case Trouble::reset: reply.wire = Wire::reset; break;
    case Trouble::reset_in_body: reply.wire = Wire::reset_in_body; break;
    case Trouble::stall:
      reply.wire = Wire::stall;
      reply.pace = time_of(fault, minutes{1});
      break;
    case Trouble::slow:
      reply.wire = Wire::slow;
      reply.pace = time_of(fault, seconds{1});
      break;
    case Trouble::short_body: reply.wire = Wire::short_body; break;
    case Trouble::wrong_length: reply.wire = Wire::wrong_length; break;
    case Trouble::bad_chunk: reply.wire = Wire::bad_chunk; break;
    case Trouble::bad_gzip: {
      std::string packed = gzip(reply.body);
      // Past the header, so that unpacking begins well.
      for (std::size_t i = packed.size() / 2; i < packed.size(); ++i)
        packed[i] = static_cast<char>(~packed[i]);
      reply.body = std::move(packed);
      set_header(reply, "Content-Encoding", "gzip");
      break;
    }
    case Trouble::bomb:
      reply.body = gzip_bomb(static_cast<std::uint64_t>(number_of(fault, 320)));
      set_header(reply, "Content-Encoding", "gzip");
      break;
    case Trouble::html: set_body(reply, "text/html", std::string{web_page}); break;
    case Trouble::empty: reply.body.clear(); break;
    case Trouble::no_content:
      reply.status = 204;
      reply.body.clear();
      break;
    case Trouble::cut_json: reply.body.resize(reply.body.size() / 2); break;
    case Trouble::bad_utf8:
      if (!reply.body.empty()) reply.body.insert(1, "\"\xc3\x28\":1,");
      break;
    case Trouble::redirect_same:
      reply.status = 302;
      set_header(reply, "Location", "/moved" + ask.path);
      set_body(reply, "text/html", std::string{web_page});
      break;
    case Trouble::redirect_other:
      reply.status = 302;
      set_header(
          reply, "Location",
          fault.argument.empty() ? "http://elsewhere.example.com" + ask.path : fault.argument);
      set_body(reply, "text/html", std::string{web_page});
      break;
    case Trouble::repeated_page:
    case Trouble::next_loop:
    case Trouble::next_other_host:
    case Trouble::totals_high:
    case Trouble::totals_low:
    case Trouble::wrong_envelope:
    case Trouble::top_array:
    case Trouble::duplicate:
    case Trouble::new_field:
    case Trouble::type_change:
    case Trouble::null_key:
    case Trouble::unknown_enum:
    case Trouble::big_text:
    case Trouble::nul_text:
    case Trouble::missing_field: break;
  }
}

}  // namespace callrail::fake
