// Signing in from these pages: the session cookie, which scripts cannot read.
import { word } from "./words.js";

const state = { name: null, csrf: null };

export function signedIn() {
  return state.name !== null;
}

export async function lookAround() {
  const answer = await fetch("/v1/session", { headers: { Accept: "application/json" } });
  if (answer.ok) remember(await answer.json());
}

export function wire(changed) {
  const dialog = document.getElementById("sign-in");
  const form = document.getElementById("sign-in-form");
  const wrong = document.getElementById("sign-in-error");
  document.getElementById("account").addEventListener("click", async () => {
    if (!signedIn()) return dialog.showModal();
    await fetch("/v1/session", { method: "DELETE", headers: { "X-CSRF-Token": state.csrf } });
    state.name = state.csrf = null;
    changed();
  });
  document.getElementById("sign-in-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    const content = await answer.json();
    wrong.textContent = answer.ok ? "" : content.detail;
    if (!answer.ok) return;
    remember(content);
    form.reset();
    dialog.close();
    changed();
  });
}

export function showAccount() {
  document.getElementById("account").textContent = signedIn() ? `${word("sign_out")} · ${state.name}` : word("sign_in");
}

function remember(content) {
  state.name = content.user?.name ?? content.user?.username ?? "";
  state.csrf = content.csrf_token;
}
