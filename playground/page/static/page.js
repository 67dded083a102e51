// Starts the page and keeps it true: what is drawn, read, scrolled and said as things happen.

import { announce, dismiss, follow, refresh, say, send } from "./api.js";
import "./combobox.js";
import { restoreDrafts } from "./composer.js";
import "./elements.js";
import "./files.js";
import "./forward.js";
import "./menus.js";
import { hideModal, showModal } from "./modal.js";
import "./own_message.js";

const lists = () => [...document.querySelectorAll(".messages")];
const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40;
const toEnd = (list) => (list.scrollTop = list.scrollHeight);

let followed = new Set(); // ids of the lists that stood at their end
let latest = new Map(); // id of a list -> ts of its last message

function remember() {
  followed = new Set(lists().filter(atEnd).map((list) => list.id));
  latest = new Map(lists().map((list) => [list.id, list.dataset.latest]));
}

/** Say the messages that have come, and show them to who was at the end. */
function showNew() {
  for (const list of lists()) {
    if (followed.has(list.id) || !latest.has(list.id)) toEnd(list);
    const before = latest.get(list.id);
    if (before === undefined || before >= list.dataset.latest) continue;
    for (const message of list.querySelectorAll(".message:not([data-mine])")) {
      if (message.dataset.ts <= before) continue;
      const text = message.querySelector("[data-content]").innerText.trim().replace(/\s+/g, " ");
      announce(say("announce", { name: message.dataset.author, text: text.slice(0, 200) }));
    }
  }
  markRead();
}

// A window that is resized or turned goes on showing the last message to who was there.
const left = new WeakSet(); // the lists that were scrolled away from their end
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target.matches?.(".messages")) atEnd(target) ? left.delete(target) : left.add(target);
  },
  true,
);
addEventListener("resize", () => lists().forEach((list) => left.has(list) || toEnd(list)));

let readUpTo = "";

/** What stands on a visible page has been read. */
function markRead() {
  const list = document.getElementById("messages");
  if (!list || document.hidden || list.dataset.newest === readUpTo) return;
  readUpTo = list.dataset.newest;
  send("read", { channel: list.dataset.channel });
}

document.addEventListener("redraw", ({ detail }) => {
  remember();
  hideModal(detail);
});
document.addEventListener("redrawn", () => {
  restoreDrafts();
  showModal();
  showNew();
});
document.addEventListener("visibilitychange", markRead);

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) dismiss(target.closest(".toast"));
  if (target.closest("[data-stop-time]")) send("stop_time");
});

document.getElementById("as").addEventListener("change", ({ target }) => target.form.submit());

// On a narrow window the side bar is a drawer.
const menuButton = document.getElementById("menu-button");
const isDrawerOpen = () => menuButton?.ariaExpanded === "true";

function showDrawer(isOpen) {
  document.documentElement.classList.toggle("menu-open", isOpen);
  menuButton.ariaExpanded = String(isOpen);
  (isOpen ? document.querySelector("#sidebar a") : menuButton)?.focus();
}

menuButton?.addEventListener("click", () => showDrawer(!isDrawerOpen()));
document.addEventListener("keydown", ({ key }) => key === "Escape" && isDrawerOpen() && showDrawer(false));
document.addEventListener("pointerdown", ({ target }) => {
  if (isDrawerOpen() && !target.closest("#sidebar, #menu-button")) showDrawer(false);
});

// A thread opens and closes beside its channel, which stays as it is.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-thread-link], #close-thread");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const from = document.querySelector("#thread [data-composer]")?.dataset.thread;
  history.pushState(null, "", link.href);
  await refresh();
  const reply = document.querySelector("#thread textarea");
  (reply ?? document.querySelector(`[data-ts="${from}"] [data-thread-link]`))?.focus();
});
addEventListener("popstate", () => refresh());

lists().forEach(toEnd);
restoreDrafts();
showModal();
markRead();
if (document.getElementById("home")) send("home").then(refresh);
follow();
