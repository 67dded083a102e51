// The elements of blocks: what they hold, and when using one tells the app.

import { refresh, send } from "./api.js";
import { touch } from "./morph.js";

const changed = new WeakSet(); // wrappers of elements that the person has used
const waiting = new WeakMap(); // wrapper -> timer, for inputs that tell the app as one types

/** The strings that an element holds: its value, its ticked boxes, its chips. */
export function strings(wrapper) {
  if (wrapper.querySelector("[data-combo], [data-files]")) {
    return [...wrapper.querySelectorAll(".chip[data-value]")].map((chip) => chip.dataset.value);
  }
  const boxes = [...wrapper.querySelectorAll("input[type=checkbox], input[type=radio]")];
  if (boxes.length) return boxes.filter((box) => box.checked).map((box) => box.value);
  const control = wrapper.querySelector("input, select, textarea");
  return control && control.value ? [control.value] : [];
}

/** Where an element stands, and which one it is. */
export function identify(wrapper) {
  const { view, channel, ts } = wrapper.closest("[data-surface]").dataset;
  return { ...(view ? { view } : { channel, ts }), block: wrapper.dataset.block, action: wrapper.dataset.action };
}

/** What was changed in the view around `root`, for the app to know with any gesture. */
export function inputs(root, except = null) {
  return [...root.querySelectorAll(".element")]
    .filter((wrapper) => wrapper !== except && changed.has(wrapper))
    .map((wrapper) => ({ ...identify(wrapper), values: strings(wrapper) }));
}

/** The person has changed this element: tell the app if it wants to know, else keep the value. */
export async function use(wrapper, moment) {
  changed.add(wrapper);
  if (wrapper.dataset.sends === moment) return press(wrapper, strings(wrapper));
  if (moment !== "change" || !identify(wrapper).view) return undefined;
  return send("input", { ...identify(wrapper), values: strings(wrapper) });
}

/** Send what an element says, once its confirmation, if any, is given. */
export async function press(wrapper, values) {
  const button = wrapper.querySelector("[data-press]") ?? wrapper;
  if (button.ariaBusy === "true" || !(await confirmed(wrapper))) return;
  await busy(button, async () => {
    const surface = wrapper.closest("[data-surface]");
    const others = surface.dataset.view ? inputs(surface, wrapper) : [];
    await send("press", { ...identify(wrapper), values, inputs: others });
    await refresh();
  });
}

/** Show that something is under way on `element`, and refuse a second press meanwhile. */
export async function busy(element, work) {
  element.ariaBusy = "true";
  if (element.tagName === "BUTTON") element.ariaDisabled = "true";
  try {
    return await work();
  } finally {
    element.removeAttribute("aria-busy");
    element.removeAttribute("aria-disabled");
  }
}

/** Ask what the element's confirm dialog asks; true when there is none. */
function confirmed(wrapper) {
  const dialog = wrapper.querySelector(":scope > dialog.confirm");
  if (!dialog) return true;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[data-answer=yes]").focus();
  return new Promise((resolve) => {
    dialog.onclick = ({ target }) => target.dataset.answer && dialog.close(target.dataset.answer);
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-press], [data-choose]");
  const wrapper = target?.closest(".element");
  if (!wrapper) return;
  target.closest("[popover]")?.hidePopover();
  press(wrapper, target.dataset.choose === undefined ? [] : [target.dataset.choose]);
});

/** The element whose control this is; not of a file input or a combobox, which have scripts of their own. */
const elementOf = (control) =>
  control.type === "file" || control.role === "combobox" ? null : control.closest(".element");

/** What the person enters is theirs: for radio buttons, the unticked ones too. */
const keep = (wrapper) => wrapper.querySelectorAll("input, select, textarea").forEach(touch);

document.addEventListener("change", ({ target }) => {
  const wrapper = elementOf(target);
  if (!wrapper) return;
  keep(wrapper);
  use(wrapper, "change");
});

document.addEventListener("input", ({ target }) => {
  const wrapper = elementOf(target);
  if (!wrapper) return;
  keep(wrapper);
  changed.add(wrapper);
  if (wrapper.dataset.sends !== "typing") return;
  clearTimeout(waiting.get(wrapper));
  waiting.set(wrapper, setTimeout(() => use(wrapper, "typing"), 300));
});

document.addEventListener("keydown", (event) => {
  const wrapper = event.target.closest(".element[data-sends=enter]");
  if (!wrapper || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  use(wrapper, "enter");
});
