// Shows the events of the AsyncAPI document.
import { make, slug } from "./make.js";
import { shape } from "./shapes.js";
import { word } from "./words.js";

export function listed(document_) {
  return Object.values(document_.channels ?? {}).map((channel) => ({
    name: channel.address, channel, message: Object.values(channel.messages)[0], id: slug(`event ${channel.address}`),
  }));
}

export function card(each, document_) {
  const { message } = each;
  const details = make("details", { class: "card", id: each.id },
    make("summary", {},
      make("span", { class: "method EVENT" }, word("events").slice(0, 6).toUpperCase()),
      make("span", { class: "path" }, each.name),
      make("span", { class: "about" }, each.channel.description?.split("\n")[0] ?? message.summary ?? "")));
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector(".inside")) {
      details.append(make("div", { class: "inside" },
        message.description ? make("p", {}, message.description) : null,
        make("p", {}, make("a", { href: `/docs/events/${each.name}` }, word("catalogue_page"))),
        make("h3", {}, word("event_data")), shape(data(message.payload, document_), document_)));
    }
  });
  return details;
}

// The envelope is the same for all; what differs is its data.
function data(payload, document_) {
  const schema = payload?.schema ?? payload;
  const parts = [schema, ...(schema?.allOf ?? [])];
  return parts.map((part) => part?.properties?.data).find(Boolean) ?? schema ?? {};
}
