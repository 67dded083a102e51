// Changing and deleting a message of one's own, each asked in a dialog.

import { refresh, send } from "./api.js";
import { busy } from "./elements.js";

let own = null; // which message the open dialog is about: {channel, ts}

const dialogOf = (target) => target.closest?.("#edit-message, #delete-message");
const text = () => document.getElementById("edit-message-text");

function ask(button) {
  button.closest("[popover]").hidePopover(); // the focus is back on what opened it, and comes back there after
  own = { channel: button.dataset.channel, ts: button.dataset.ts };
  const isEdit = button.dataset.edit !== undefined;
  const dialog = document.getElementById(isEdit ? "edit-message" : "delete-message");
  dialog.querySelector("[data-notices]")?.replaceChildren();
  if (isEdit) text().value = button.dataset.edit;
  dialog.showModal();
  if (isEdit) text().focus();
  else dialog.querySelector("[type=submit]").focus();
}

async function answer(dialog) {
  const isEdit = dialog.id === "edit-message";
  const done = await busy(dialog.querySelector("[type=submit]"), () =>
    isEdit ? send("edit", { ...own, text: text().value.trim() }) : send("delete", own),
  );
  if (isEdit && !done.ok) return; // what is wrong stands in the dialog, with what was typed
  const list = document.querySelector(`.message[data-ts="${own.ts}"]`)?.closest(".messages");
  dialog.close();
  await refresh();
  if (document.activeElement === document.body) list?.focus(); // what had the focus is gone with the message
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-edit], [data-delete]");
  if (button) ask(button);
  else if (target.dataset.answer === "no") dialogOf(target)?.close();
});
document.addEventListener("submit", (event) => {
  const dialog = dialogOf(event.target);
  if (!dialog) return;
  event.preventDefault();
  if (dialog.querySelector("[type=submit]").ariaBusy !== "true") answer(dialog);
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "edit-message-text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
