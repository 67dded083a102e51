// Talks to the server: a gesture is a POST, a redraw is the same page fetched again.

import { morph } from "./morph.js";

export const words = JSON.parse(document.getElementById("words").textContent);
const person = document.body.dataset.person;

/** The words of `key` with its {places} filled; "one|many" takes the form that goes with `n`. */
export function say(key, values = {}) {
  let text = words[key];
  if ("n" in values && text.includes("|")) {
    const isOne = document.documentElement.lang === "fr" ? values.n < 2 : values.n === 1;
    text = text.split("|")[isOne ? 0 : 1];
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const QUIET = ["input", "suggest", "home", "read", "dismiss"]; // what the person does not do on purpose
const TOLD = ["unknown_command"]; // refusals that are shown already
const IN_WORDS = { msg_too_long: "message_too_long", no_text: "message_empty" };

/** Do a gesture. A refusal of the client is shown; the app's own is among the server's toasts. */
export async function send(gesture, body = {}) {
  if (!QUIET.includes(gesture)) document.querySelectorAll(".toast").forEach(dismiss);
  try {
    const response = await fetch(`/page/${gesture}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: person, ...body }),
    });
    const answer = await response.json();
    if (answer.error && !QUIET.includes(gesture) && !TOLD.includes(answer.error)) {
      notice(say(IN_WORDS[answer.error] ?? "trouble"));
    }
    return answer;
  } catch {
    notice(say("trouble"));
    return { ok: false };
  }
}

/** Upload files; their ids and names, or null when it failed. */
export async function upload(files) {
  const form = new FormData();
  for (const file of files) form.append("file", file);
  try {
    const response = await fetch(`/page/upload?as=${encodeURIComponent(person)}`, { method: "POST", body: form });
    const answer = await response.json();
    return answer.ok ? answer.files : null;
  } catch {
    return null;
  }
}

/** Show a sentence until it is dismissed. */
export function notice(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast";
  const text = document.createElement("span");
  text.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button";
  button.dataset.dismiss = "";
  button.ariaLabel = say("dismiss");
  button.textContent = "×";
  toast.append(text, button);
  inFront("[data-notices]").replaceChildren(toast);
}

/** Take a toast away, for good. */
export function dismiss(toast) {
  if (toast.dataset.toast) send("dismiss", { words: toast.dataset.toast });
  toast.remove();
}

/** Have a screen reader say something. */
export function announce(sentence) {
  inFront("[data-announcer]").textContent = sentence;
}

/** The one in the open dialog, if there is one: all else is out of reach then. */
const inFront = (selector) =>
  document.querySelector(`dialog[open] ${selector}`) ??
  [...document.querySelectorAll(selector)].find((one) => !one.closest("dialog"));

let running = null;
let next = null;

/** Draw the page again. Resolves once it shows what is true now; calls in between share one fetch. */
export function refresh() {
  if (running) {
    next ??= running.then(() => {
      next = null;
      return refresh();
    });
    return next;
  }
  running = draw().finally(() => (running = null));
  return running;
}

async function draw() {
  const address = new URL(location.href);
  address.searchParams.set("as", person);
  address.searchParams.set("since", document.body.dataset.since);
  let fresh;
  try {
    const response = await fetch(address);
    fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return; // the event stream says when the server is back
  }
  document.dispatchEvent(new CustomEvent("redraw", { detail: fresh }));
  document.title = fresh.title;
  morph(document.body, fresh.body);
  document.dispatchEvent(new CustomEvent("redrawn"));
}

/** Redraw whenever something happens. */
export function follow() {
  const events = new EventSource(`/page/events?version=${document.body.dataset.version}`);
  events.addEventListener("message", () => refresh());
  events.addEventListener("error", () => document.documentElement.classList.add("offline"));
  events.addEventListener("open", () => {
    if (document.documentElement.classList.contains("offline")) refresh();
    document.documentElement.classList.remove("offline");
  });
  addEventListener("pagehide", () => events.close());
}
