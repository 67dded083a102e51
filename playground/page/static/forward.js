// Forwarding a message, and what is done with one at a press: its link's preview, taking a file out.

import { refresh, send } from "./api.js";
import { busy } from "./elements.js";

let source = null; // the message that the open dialog is about: {channel, ts}

const dialog = () => document.getElementById("forward-message");
const comment = () => document.getElementById("forward-comment");

function ask(button) {
  button.closest("[popover]").hidePopover();
  source = { channel: button.dataset.channel, ts: button.dataset.ts };
  comment().value = "";
  dialog().querySelector("[data-notices]").replaceChildren();
  dialog().showModal();
  document.getElementById("forward-to").focus();
}

async function forward() {
  const to = document.getElementById("forward-to").value;
  const button = dialog().querySelector("[type=submit]");
  const done = await busy(button, () => send("forward", { ...source, to, text: comment().value.trim() }));
  if (!done.ok) return; // what is wrong stands in the dialog, with what was typed
  dialog().close();
  await refresh();
}

document.addEventListener("click", async ({ target }) => {
  const forwarding = target.closest("[data-forward]");
  if (forwarding) return ask(forwarding);
  if (target.dataset.answer === "no" && dialog()?.contains(target)) return dialog().close();
  const button = target.closest("[data-gesture]");
  if (!button) return;
  button.closest("[popover]").hidePopover();
  const { gesture, ...body } = button.dataset;
  await send(gesture, body);
  await refresh();
});
document.addEventListener("submit", (event) => {
  if (!dialog()?.contains(event.target)) return;
  event.preventDefault();
  if (dialog().querySelector("[type=submit]").ariaBusy !== "true") forward();
});
