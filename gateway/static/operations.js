// Shows the operations of the OpenAPI document, and sends a GET to try one.
import { make, slug } from "./make.js";
import { kind, shape } from "./shapes.js";
import { language, word } from "./words.js";

export function listed(document_) {
  const found = [];
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "other";
      found.push({ path, method: method.toUpperCase(), operation, tag, id: slug(`${method} ${path}`) });
    }
  }
  return found;
}

export function card(each, document_) {
  const details = make("details", { class: "card", id: each.id },
    make("summary", {},
      make("span", { class: `method ${each.method}` }, each.method),
      make("span", { class: "path" }, each.path),
      make("span", { class: "about" }, each.operation.summary ?? "")));
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector(".inside")) details.append(inside(each, document_));
  });
  return details;
}

function inside(each, document_) {
  const { operation } = each;
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content?.["application/json"]?.schema
    ?? operation.requestBody?.content?.["application/merge-patch+json"]?.schema;
  return make("div", { class: "inside" },
    facts(operation),
    operation.description ? make("p", {}, operation.description) : null,
    parameters.length ? [make("h3", {}, word("parameters")), table(parameters)] : null,
    body ? [make("h3", {}, word("body")), shape(body, document_)] : null,
    make("h3", {}, word("answers")), answers(operation, document_),
    each.method === "GET" ? [make("h3", {}, word("try")), trial(each, parameters)] : null);
}

function facts(operation) {
  const open = operation.security?.length === 0;
  return make("ul", { class: "facts" },
    operation["x-permission"] ? make("li", {}, `${word("permission")}: ${operation["x-permission"]}`) : null,
    open ? make("li", {}, word("no_token")) : null);
}

function table(parameters) {
  return make("table", {}, make("tbody", {}, parameters.map((each) =>
    make("tr", {},
      make("td", {}, make("code", {}, each.name), each.required ? make("span", { class: "must" }, " *") : null),
      make("td", {}, each.in, " · ", kind(each.schema ?? {}), each.description ? ` — ${each.description}` : "")))));
}

function answers(operation, document_) {
  return make("div", {}, Object.entries(operation.responses ?? {}).map(([status, answer]) => {
    const content = Object.values(answer.content ?? {})[0]?.schema;
    const line = make("span", {}, make("code", {}, status), ` ${answer.description ?? ""}`);
    if (!content || status >= "400") return make("div", {}, line);
    return make("details", { open: status < "300" }, make("summary", {}, line), shape(content, document_));
  }));
}

function trial(each, parameters) {
  const fields = parameters.filter((parameter) => parameter.in !== "header");
  const shown = make("div", { "aria-live": "polite" });
  return make("form", { class: "try", on: { submit: (event) => { event.preventDefault(); send(each, fields, event.target, shown); } } },
    fields.map((field) => make("label", {}, make("code", {}, field.name),
      make("input", { name: field.name, required: field.required, autocomplete: "off" }))),
    make("div", {}, make("button", { class: "main", type: "submit" }, word("send"))), shown);
}

async function send(each, fields, form, shown) {
  const query = new URLSearchParams();
  let path = each.path;
  for (const field of fields) {
    const value = form.elements[field.name].value;
    if (field.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value) query.append(field.name, value);
  }
  const url = query.size ? `${path}?${query}` : path;
  const began = performance.now();
  if (path === "/v1/live") return shown.replaceChildren(make("pre", {}, `curl -N ${location.origin}${url}`));
  const answer = await fetch(url, { headers: { "Accept-Language": language } });
  const took = Math.round(performance.now() - began);
  const text = await answer.text();
  const headers = ["etag", "link", "x-request-id"].filter((name) => answer.headers.has(name))
    .map((name) => `${name}: ${answer.headers.get(name)}`);
  shown.replaceChildren(make("h3", {}, `${word("answer")} ${answer.status} · ${took} ${word("milliseconds")}`),
    make("pre", {}, [`GET ${url}`, ...headers, "", pretty(text)].join("\n")));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
