// Writing: messages, replies, slash commands, shortcuts, files.

import { notice, refresh, say, send } from "./api.js";
import { busy } from "./elements.js";
import { attach } from "./files.js";

const commands = JSON.parse(document.getElementById("commands").textContent);

const textOf = (form) => form.querySelector("textarea");
const listOf = (form) => form.querySelector("[role=listbox]");
const filesOf = (form) => form.querySelector(".file-list");

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  const text = textOf(form).value.trim();
  const files = [...filesOf(form).children].map((chip) => chip.dataset.value);
  if (button.ariaBusy === "true" || !(text || files.length)) return;
  const name = text.match(/^\/\S+/)?.[0];
  if (name && form.dataset.thread) return notice(say("command_in_thread", { command: name }));
  write(form, "");
  const answer = await busy(button, () => (name ? command(form, name, text) : message(form, text, files)));
  if (!answer.ok && !textOf(form).value) write(form, text); // nothing typed is lost
  await refresh();
  toEnd(form);
}

/** What is typed stays with its channel or thread until it is sent. */
const draftOf = ({ dataset }) => `draft ${document.body.dataset.person} ${dataset.channel} ${dataset.thread}`;

function write(form, text) {
  textOf(form).value = text;
  sessionStorage.setItem(draftOf(form), text);
  suggest(form);
}

/** Show what was being typed here before. */
export function restoreDrafts() {
  for (const form of document.querySelectorAll("[data-composer]")) {
    textOf(form).value ||= sessionStorage.getItem(draftOf(form)) ?? "";
  }
}

const command = (form, name, text) =>
  send("command", { channel: form.dataset.channel, command: name, text: text.slice(name.length) });

async function message(form, text, files) {
  const { channel, thread } = form.dataset;
  const answer = await send("message", { channel, text, files, thread: thread || null });
  if (answer.ok) filesOf(form).replaceChildren();
  return answer;
}

function toEnd(form) {
  const messages = form.previousElementSibling;
  messages.scrollTop = messages.scrollHeight;
}

/** Offer the commands that begin with what is typed, until there is a space. */
function suggest(form) {
  if (form.dataset.thread) return;
  const typed = textOf(form).value;
  const found = /^\/\S*$/.test(typed) ? commands.filter(([name]) => name.startsWith(typed)) : [];
  const exact = found.length === 1 && found[0][0] === typed && !found[0][1];
  listOf(form).replaceChildren(...(exact ? [] : found).map(suggestion));
  listOf(form).hidden = !listOf(form).children.length;
  activate(form, listOf(form).firstElementChild);
}

function suggestion([name, hint, description], index) {
  const option = document.createElement("div");
  option.className = "menu-item";
  option.role = "option";
  option.id = `command-${index}`;
  option.dataset.command = name;
  const title = document.createElement("strong");
  title.textContent = name;
  const usage = document.createElement("span");
  usage.className = "usage";
  usage.textContent = hint;
  const what = document.createElement("span");
  what.className = "description";
  what.textContent = description;
  option.append(title, " ", usage, " ", what);
  return option;
}

function activate(form, option) {
  for (const one of listOf(form).children) {
    one.classList.toggle("active", one === option);
    one.ariaSelected = String(one === option);
  }
  if (option) textOf(form).setAttribute("aria-activedescendant", option.id);
  else textOf(form).removeAttribute("aria-activedescendant");
}

function complete(form, option) {
  write(form, `${option.dataset.command} `);
  textOf(form).focus();
}

function key(event, form) {
  const list = listOf(form);
  const options = list.hidden ? [] : [...list.children];
  const at = options.findIndex((option) => option.classList.contains("active"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (options.length && step) {
    event.preventDefault();
    activate(form, options[(at + step + options.length) % options.length]);
  } else if (options.length && event.key === "Escape") {
    event.preventDefault();
    list.hidden = true;
    activate(form, null);
  } else if (event.key === "Tab" && options.length) {
    event.preventDefault();
    complete(form, options[at]);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const isTyped = options.some((option) => option.dataset.command === textOf(form).value);
    if (options.length && !isTyped) complete(form, options[at]);
    else form.requestSubmit();
  }
}

const formOf = (target) => target.closest?.("[data-composer]");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-composer]")) return;
  event.preventDefault();
  submit(event.target);
});
document.addEventListener("input", ({ target }) => {
  if (target.tagName === "TEXTAREA" && formOf(target)) write(formOf(target), target.value);
});
document.addEventListener("keydown", (event) => {
  if (event.target.tagName === "TEXTAREA" && formOf(event.target)) key(event, formOf(event.target));
});
document.addEventListener("change", async ({ target }) => {
  const form = target.type === "file" && formOf(target);
  const problem = form && (await attach(target, filesOf(form)));
  if (problem) notice(problem);
});
document.addEventListener("click", async ({ target }) => {
  const option = target.closest("[data-command]");
  if (option) complete(formOf(option), option);
  const shortcut = target.closest("[data-shortcut]");
  if (!shortcut) return;
  shortcut.closest("[popover]").hidePopover();
  const { channel, ts, shortcut: callback } = shortcut.dataset;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(shortcut.closest("[popover]").id)}"]`);
  await busy(opener, () => send("shortcut", ts ? { callback, channel, ts } : { callback }));
  await refresh();
});
