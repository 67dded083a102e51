// The modal: shown as the server has it, submitted and closed as the Slack client does.

import { announce, refresh, say, send } from "./api.js";
import { busy, inputs } from "./elements.js";
import { uploads } from "./files.js";

let shown = ""; // the view in front

/** Open what the server shows, and put the focus where one begins. */
export function showModal() {
  const dialog = document.getElementById("modal");
  const view = dialog?.querySelector("[data-modal]").dataset.modal ?? "";
  if (dialog && !dialog.open) dialog.showModal();
  if (view && view !== shown) begin(dialog);
  else if (dialog && !dialog.contains(document.activeElement)) title(dialog).focus();
  shown = view;
}

/** Close, before it is taken away, a modal that the server no longer shows: the focus goes back where it was. */
export function hideModal(fresh) {
  const dialog = document.getElementById("modal");
  if (!dialog || fresh.getElementById("modal")) return;
  shown = "";
  dialog.close();
}

const title = (dialog) => dialog.querySelector("#modal-title");

function begin(dialog) {
  const first = ".input :is(input:not([type=file]), select, textarea)";
  (dialog.querySelector("[data-focus]") ?? dialog.querySelector(first) ?? title(dialog)).focus();
}

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  if (!button || button.ariaBusy === "true") return;
  await busy(button, async () => {
    await uploads();
    const answer = await send("submit", { view: form.dataset.modal, inputs: inputs(form) });
    await refresh();
    if (answer.errors) showErrors(form, answer.errors);
  });
}

function showErrors(form, count) {
  const first = form.querySelector("[aria-invalid=true]");
  (first?.matches("input, select, textarea") ? first : first?.querySelector("input"))?.focus();
  announce(say("form_errors", { n: count }));
}

async function close(form, all) {
  await send("close", { view: form.dataset.modal, all });
  await refresh();
}

const formOf = (element) => element.closest("#modal")?.querySelector("[data-modal]");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-modal]")) return;
  event.preventDefault();
  submit(event.target);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-close]");
  if (button) close(formOf(button), button.dataset.close === "all");
});

// Escape closes the view in front only, as "Cancel" does. These two events do not bubble.
document.addEventListener(
  "cancel",
  (event) => {
    if (event.target.id !== "modal") return;
    event.preventDefault();
    close(formOf(event.target), false);
  },
  true,
);

document.addEventListener(
  "close",
  (event) => {
    if (event.target.id === "modal" && shown) close(formOf(event.target), false);
  },
  true,
);
