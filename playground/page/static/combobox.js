// Menus that one searches: external selects, and every multi-select. What is chosen stands as chips.

import { announce, say, send } from "./api.js";
import { identify, use } from "./elements.js";
import { place } from "./menus.js";
import { touch } from "./morph.js";

const timers = new WeakMap(); // box -> timer of the next question to the app

const inputOf = (box) => box.querySelector("[role=combobox]");
const listOf = (box) => box.querySelector("[role=listbox]");
const noteOf = (box) => box.querySelector(".combo-note");
const chipsOf = (box) => [...box.querySelectorAll(".chip")];
const visible = (box) => [...listOf(box).querySelectorAll("[role=option]:not([hidden])")];
const active = (box) => visible(box).find((option) => option.classList.contains("active"));
const boxOf = (target) => target.closest?.("[data-combo]");

function open(box) {
  const list = listOf(box);
  const is = visible(box).length > 0;
  if (is && !list.matches(":popover-open")) list.showPopover();
  if (!is && list.matches(":popover-open")) list.hidePopover();
  if (is) place(list, inputOf(box));
  inputOf(box).ariaExpanded = String(is);
}

function close(box) {
  if (listOf(box).matches(":popover-open")) listOf(box).hidePopover();
  inputOf(box).ariaExpanded = "false";
  activate(box, null);
}

function activate(box, option) {
  active(box)?.classList.remove("active");
  option?.classList.add("active");
  if (option) option.scrollIntoView({ block: "nearest" });
  if (option) inputOf(box).setAttribute("aria-activedescendant", option.id);
  else inputOf(box).removeAttribute("aria-activedescendant");
}

function search(box) {
  noteOf(box).textContent = "";
  if (box.dataset.remote !== undefined) return ask(box);
  const query = plain(inputOf(box).value);
  for (const option of listOf(box).querySelectorAll("[role=option]")) {
    option.hidden = !plain(option.textContent).includes(query);
  }
  for (const group of listOf(box).querySelectorAll("[role=group]")) {
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  return settle(box);
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function settle(box) {
  open(box);
  activate(box, visible(box)[0] ?? null);
  if (!visible(box).length) noteOf(box).textContent = say("no_match");
}

/** Ask the app for options, a moment after the last key. */
function ask(box) {
  clearTimeout(timers.get(box));
  const query = inputOf(box).value.trim();
  const least = Number(box.dataset.remote);
  if (query.length < least) {
    listOf(box).replaceChildren();
    open(box);
    noteOf(box).textContent = query ? say("type_more", { n: least }) : "";
    return;
  }
  noteOf(box).textContent = say("loading");
  timers.set(box, setTimeout(() => fill(box, query), 200));
}

async function fill(box, query) {
  const answer = await send("suggest", { ...identify(box.closest(".element")), query });
  if (inputOf(box).value.trim() !== query) return; // an answer to what is no longer asked
  noteOf(box).textContent = answer.ok ? "" : say("options_failed");
  touch(listOf(box));
  listOf(box).replaceChildren(...(answer.options ?? []).map((one, index) => optionElement(box, one, index)));
  if (answer.ok && document.activeElement === inputOf(box)) settle(box);
}

function optionElement(box, { option, html }, index) {
  const element = document.createElement("div");
  element.className = "menu-item";
  element.role = "option";
  element.id = `${inputOf(box).id}-r${index}`;
  element.dataset.value = JSON.stringify(option);
  element.innerHTML = html; // drawn and escaped by the server
  element.ariaSelected = "false";
  return element;
}

function pick(box, option) {
  const most = Number(box.dataset.max) || Infinity;
  const many = box.dataset.combo === "many";
  const same = chipsOf(box).find((chip) => chip.dataset.value === option.dataset.value);
  if (same && many) return unpick(box, same);
  if (many && chipsOf(box).length >= most) {
    noteOf(box).textContent = say("max_reached", { n: most });
    return undefined;
  }
  if (!many) chipsOf(box).forEach((chip) => chip.remove());
  const text = option.querySelector(".description") ? option.firstChild.textContent.trim() : option.textContent.trim();
  box.querySelector(".chips").append(chip(option.dataset.value, text));
  announce(say("chosen", { text }));
  return settled(box);
}

/** What is chosen or attached, with the button that takes it away. */
export function chip(value, text) {
  const element = document.createElement("li");
  element.className = "chip";
  element.dataset.value = value;
  const name = document.createElement("span");
  name.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.unpick = "";
  button.ariaLabel = say("remove", { name: text });
  button.textContent = "×";
  element.append(name, button);
  return element;
}

function unpick(box, gone) {
  announce(say("removed", { name: gone.querySelector("span").textContent }));
  gone.remove();
  return settled(box);
}

/** After a change: show it in the list, clear what was searched, tell or keep. */
function settled(box) {
  const values = new Set(chipsOf(box).map((one) => one.dataset.value));
  for (const option of listOf(box).querySelectorAll("[role=option]")) {
    option.ariaSelected = String(values.has(option.dataset.value));
    option.hidden = false;
  }
  inputOf(box).value = "";
  touch(box);
  if (box.dataset.combo === "one") close(box);
  else if (listOf(box).matches(":popover-open")) place(listOf(box), inputOf(box));
  return use(box.closest(".element"), "change");
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function key(event, box) {
  const options = visible(box);
  const isOpen = listOf(box).matches(":popover-open");
  if (event.key in STEPS) {
    event.preventDefault();
    if (!isOpen) return search(box);
    const at = options.indexOf(active(box)) + STEPS[event.key];
    return activate(box, options[(at + options.length) % options.length] ?? null);
  }
  if (event.key === "Enter") {
    event.preventDefault(); // never submits the form from here
    return isOpen && active(box) ? pick(box, active(box)) : undefined;
  }
  if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    return close(box);
  }
  if (event.key === "Backspace" && !event.target.value && chipsOf(box).length) return unpick(box, chipsOf(box).at(-1));
  return undefined;
}

document.addEventListener("keydown", (event) => {
  const box = event.target.role === "combobox" && boxOf(event.target);
  if (box) key(event, box);
});
document.addEventListener("input", ({ target }) => target.role === "combobox" && boxOf(target) && search(boxOf(target)));
document.addEventListener("focusout", ({ target }) => target.role === "combobox" && boxOf(target) && close(boxOf(target)));
// The list must not take the focus from the input.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.("[data-combo] [role=listbox]")) event.preventDefault();
});
document.addEventListener("click", ({ target }) => {
  const box = boxOf(target);
  if (!box) return;
  const option = target.closest("[role=option]");
  const gone = target.closest("[data-unpick]");
  if (option) pick(box, option);
  else if (gone) {
    unpick(box, gone.closest(".chip"));
    inputOf(box).focus();
  } else if (target.role === "combobox") search(box);
});
