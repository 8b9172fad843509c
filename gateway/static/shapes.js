// Shows a JSON Schema as a list of its fields.
import { make } from "./make.js";
import { word } from "./words.js";

const DEEPEST = 4;

export function shape(schema, document_, depth = 0, seen = []) {
  const { value, path } = resolved(schema, document_, seen);
  if (!value || depth > DEEPEST) return make("span", { class: "kind" }, "…");
  if (value.type === "array" || value.items) {
    return make("div", {}, make("span", { class: "kind" }, "[ ] "), shape(value.items ?? {}, document_, depth, path));
  }
  const choices = value.oneOf ?? value.anyOf;
  if (choices && !value.properties) {
    const told = choices.filter((each) => each.type !== "null");
    if (told.length === 1) return shape(told[0], document_, depth, path);
    return make("div", {}, make("span", { class: "kind" }, word("one_of")),
      make("ul", { class: "shape" }, told.map((each) => make("li", {}, shape(each, document_, depth + 1, path)))));
  }
  if (!value.properties) return make("span", { class: "kind" }, kind(value));
  const required = new Set(value.required ?? []);
  const fields = Object.entries(value.properties).map(([name, field]) =>
    make("li", {},
      make("code", {}, name),
      required.has(name) ? make("span", { class: "must", title: word("required") }, " *") : null,
      " ", one(field, document_, depth, path),
      field.description ? make("span", {}, ` — ${field.description}`) : null));
  return make("ul", { class: "shape" }, fields);
}

function one(field, document_, depth, seen) {
  const { value, path } = resolved(field, document_, seen);
  if (!value) return make("span", { class: "kind" }, "…");
  const inner = value.items ? resolved(value.items, document_, path).value : value;
  const nested = inner && (inner.properties || inner.oneOf || inner.anyOf);
  return nested ? shape(value, document_, depth + 1, path) : make("span", { class: "kind" }, kind(value, document_));
}

export function kind(value, document_) {
  if (value.const !== undefined) return JSON.stringify(value.const);
  if (value.enum) return value.enum.filter((each) => each !== null).join(" | ");
  const types = [value.type ?? "json"].flat().filter((each) => each !== "null").join(" | ");
  if (value.items) {
    const inner = document_ ? resolved(value.items, document_, []).value : value.items;
    return `[ ${inner ? kind(inner, document_) : "…"} ]`;
  }
  const limits = [value.format, value.maxLength && `≤ ${value.maxLength}`, value.maximum && `≤ ${value.maximum}`];
  return [types, ...limits.filter(Boolean)].join(" · ");
}

function resolved(schema, document_, seen) {
  let value = schema;
  const path = [...seen];
  while (value?.$ref) {
    if (path.includes(value.$ref)) return { value: null, path };
    path.push(value.$ref);
    value = value.$ref.replace(/^#\//, "").split("/").reduce((at, part) => at?.[part], document_);
  }
  return { value, path };
}
