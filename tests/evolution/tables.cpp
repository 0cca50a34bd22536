#include "tables.hpp"

#include "emit/sql.hpp"

namespace callrail::test {
namespace {

using codegen::Base;

Type type_of(Base base) {
  switch (base) {
    case Base::id: return Type::id;
    case Base::text: return Type::text;
    case Base::integer: return Type::integer;
    case Base::number: return Type::number;
    case Base::boolean: return Type::boolean;
    case Base::timestamp: return Type::timestamp;
    case Base::enumeration: return Type::enumeration;
    case Base::object: return Type::object;
    case Base::map: return Type::map;
    case Base::list: return Type::list;
    case Base::any:
    case Base::null: break;
  }
  return Type::any;
}

std::uint8_t bits_of(const codegen::Accepts& accepts) {
  return static_cast<std::uint8_t>(
      (accepts.null ? accept_null : 0) | (accepts.boolean ? accept_boolean : 0) |
      (accepts.number ? accept_number : 0) | (accepts.text ? accept_text : 0) |
      (accepts.object ? accept_object : 0) | (accepts.array ? accept_array : 0));
}

Sent sent_of(const std::string& word) {
  if (word == "on_request") return Sent::on_request;
  if (word == "single") return Sent::single;
  if (word == "unseen") return Sent::unseen;
  return Sent::always;
}

}  // namespace

Tables::Tables(const codegen::Schema& schema) : schema_{schema} {
  for (const auto& shape : schema.shapes)  // each after those it uses
    shapes_[shape.name.text] = fields_of(shape.fields);
  for (const auto& endpoint : schema.endpoints) {
    std::vector<Text> keys;
    for (const auto& key : endpoint.key) keys.emplace_back(key.text);
    endpoints_.push_back({.name = endpoint.name.text,
                          .record = endpoint.record.text,
                          .path = endpoint.path.text,
                          .rows = endpoint.rows,
                          .key = endpoint.key.front().text,
                          .keys = texts_.emplace_back(std::move(keys)),
                          .fields = fields_of(endpoint.fields),
                          .select = endpoint.select.text,
                          .table = table_of(endpoint)});
    all_.push_back(&endpoints_.back());
  }
  api_.endpoints = all_;
}

std::span<const StoredColumn> Tables::columns_of(const std::vector<codegen::TableColumn>& columns,
                                                 const std::vector<codegen::Field>* fields) {
  std::vector<StoredColumn> out;
  for (const auto& column : columns) {
    StoredColumn& one = out.emplace_back();
    one = {.name = keep(column.name),
           .as = column.as,
           .from = StoredColumn::whole,
           .required = column.required};
    if (column.field && fields) one.from = static_cast<std::size_t>(column.field - fields->data());
    if (column.field && !column.member) one.was = column.field->said.was.text;
    if (column.member) {
      const auto* shape = schema_.find_shape(column.field->type.find(Base::object)->name);
      one.member = static_cast<std::size_t>(column.member - shape->fields.data());
    }
  }
  return columns_.emplace_back(std::move(out));
}

const StoredTable* Tables::table_of(const codegen::Endpoint& endpoint) {
  const auto table = codegen::table_of(schema_, endpoint);
  StoredTable out{.name = keep(table.name),
                  .was = endpoint.said.was.text,
                  .view = keep(table.view),
                  .columns = columns_of(table.columns, &endpoint.fields)};
  std::vector<Text> keys;
  for (const auto& key : table.parent_keys) keys.push_back(keep(key));
  out.parent_keys = texts_.emplace_back(std::move(keys));
  std::vector<ChildTable> children;
  for (const auto& child : table.children) {
    const auto* shape = schema_.find_shape(child.list->type.shape_name());
    children.push_back({.name = keep(child.name),
                        .field = static_cast<std::size_t>(child.list - endpoint.fields.data()),
                        .columns = columns_of(child.columns, shape ? &shape->fields : nullptr)});
  }
  out.children = children_.emplace_back(std::move(children));
  const auto sql_in = [&](Dialect dialect) {
    auto sql = codegen::sql_of(schema_, endpoint, dialect);
    return StoredSql{.create = keep(std::move(sql.create)),
                     .view = keep(std::move(sql.view)),
                     .comments = keep(std::move(sql.comments))};
  };
  out.sqlite = sql_in(Dialect::sqlite);
  out.postgresql = sql_in(Dialect::postgresql);
  return &tables_.emplace_back(out);
}

const Endpoint* Tables::find(Text name) const {
  for (const auto& endpoint : endpoints_)
    if (endpoint.name == name) return &endpoint;
  return nullptr;
}

std::span<const Field> Tables::fields_of(const std::vector<codegen::Field>& fields) {
  std::vector<Field> out;
  for (const auto& field : fields) out.push_back(field_of(field));
  return fields_.emplace_back(std::move(out));
}

Field Tables::field_of(const codegen::Field& field) {
  Field out{.name = field.name.text,
            .type = type_of(field.type.main().base),
            .accepts = bits_of(field.type.accepts()),
            .sent = sent_of(field.sent),
            .may_be_absent = field.may_be_absent(),
            .gone = !field.until.empty(),
            .secret = field.secret,
            .item_accepts = bits_of(field.type.item_accepts())};
  if (const auto* shape = schema_.find_shape(field.type.shape_name())) {
    out.open = shape->open;
    out.members = shapes_.at(shape->name.text);
  }
  if (const auto* e = schema_.find_enum(field.type.enum_name())) {
    std::vector<Text> words;
    for (const auto& value : e->values) words.emplace_back(value.text);
    out.values = texts_.emplace_back(std::move(words));
  }
  return out;
}

}  // namespace callrail::test
