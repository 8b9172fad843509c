// The documentation pages: loads both descriptions, lists, searches, follows links.
import * as events from "./events.js";
import { make } from "./make.js";
import * as operations from "./operations.js";
import * as session from "./session.js";
import { switchLanguage, translatePage, word } from "./words.js";

const at = (id) => document.getElementById(id);
const descriptions = { openapi: null, asyncapi: null };

async function load(name) {
  const answer = await fetch(`/v1/${name}.json`);
  return answer.ok ? answer.json() : null;
}

function render() {
  translatePage();
  session.showAccount();
  at("introduction").replaceChildren(
    make("h1", {}, word("title")), make("p", {}, word("introduction")),
    make("h2", {}, word("conventions")), make("ul", {}, word("rules").map((rule) => make("li", {}, rule))),
    make("p", {}, make("a", { href: "/v1/openapi.json" }, "OpenAPI 3.1"), " · ", make("a", { href: "/v1/asyncapi.json" }, "AsyncAPI 3")));
  const groups = renderOperations();
  const told = renderEvents();
  at("contents").replaceChildren(make("ul", {},
    [...groups].map(([tag, found]) => entry(`tag-${tag}`, tag, found.length)),
    told ? entry("events", word("events"), told) : null,
    entry("problems", word("problems"))));
  renderProblems();
  search();
}

function entry(id, text, count) {
  return make("li", {}, make("a", { href: `#${id}` }, text, count ? make("span", { class: "count" }, ` ${count}`) : null));
}

function renderOperations() {
  const groups = new Map();
  for (const each of descriptions.openapi ? operations.listed(descriptions.openapi) : []) {
    groups.set(each.tag, [...(groups.get(each.tag) ?? []), each]);
  }
  at("operations").replaceChildren(...[...groups].map(([tag, found]) =>
    make("section", { id: `tag-${tag}` }, make("h2", {}, tag),
      found.map((each) => operations.card(each, descriptions.openapi)))));
  return groups;
}

function renderEvents() {
  const found = descriptions.asyncapi ? events.listed(descriptions.asyncapi) : [];
  at("events").replaceChildren(...(found.length ? [make("h2", {}, word("events")), make("p", {}, make("a", { href: "/docs/events" }, word("catalogue")))] : []),
    ...found.map((each) => events.card(each, descriptions.asyncapi)));
  return found.length;
}

function renderProblems() {
  const code = location.hash.startsWith("#problem-") ? location.hash.slice("#problem-".length) : null;
  at("problems").replaceChildren(make("h2", {}, word("problems")), make("p", {}, word("problem_text")),
    code ? make("p", { id: `problem-${code}` }, `${word("this_problem")}: `, make("code", {}, code)) : "");
}

// Words are looked for in what a card says and in the names of the fields behind it.
function search() {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of document.querySelectorAll(".card")) {
    const text = texts.get(card.id) ?? card.textContent.toLowerCase();
    card.hidden = !words.every((each) => text.includes(each));
    count += card.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("#operations > section")) {
    section.hidden = !section.querySelector(".card:not([hidden])");
  }
  at("introduction").hidden = words.length > 0;
  at("status").textContent = words.length ? (count ? `${count} ${word("found")}` : word("none")) : "";
}

const texts = new Map();

function index() {
  for (const each of descriptions.openapi ? operations.listed(descriptions.openapi) : []) {
    const { parameters, requestBody, responses, ...rest } = each.operation;
    const body = JSON.stringify({ rest, requestBody, names: (parameters ?? []).map((one) => one.name) });
    texts.set(each.id, `${each.method} ${each.path} ${body}`.toLowerCase());
  }
  for (const each of descriptions.asyncapi ? events.listed(descriptions.asyncapi) : []) {
    texts.set(each.id, JSON.stringify(each).toLowerCase());
  }
}

function follow() {
  if (location.hash.startsWith("#problem-")) renderProblems();
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
}

async function start() {
  translatePage();
  at("status").textContent = word("loading");
  at("menu").open = matchMedia("(min-width: 60rem)").matches;
  at("language").addEventListener("click", () => { switchLanguage(); render(); });
  at("search").addEventListener("input", search);
  at("contents").addEventListener("click", () => { if (!matchMedia("(min-width: 60rem)").matches) at("menu").open = false; });
  addEventListener("hashchange", follow);
  session.wire(session.showAccount);
  [descriptions.openapi, descriptions.asyncapi] = await Promise.all([load("openapi"), load("asyncapi")]);
  index();
  render();
  if (!descriptions.openapi) at("status").textContent = word("failed");
  follow();
  await session.lookAround();
  session.showAccount();
}

start();
