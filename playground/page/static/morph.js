// Makes the page what the server has just drawn, touching only what differs: focus, scroll, what is being typed
// and open menus stay as they are.

const touched = new WeakSet(); // controls and widgets that the person has changed: their value is theirs
// Attributes that the scripts set.
const OURS = new Set(["open", "style", "aria-busy", "aria-disabled", "aria-expanded", "aria-activedescendant"]);

/** Remember that the person has changed this control or widget. */
export const touch = (element) => touched.add(element);

/** Make `from` look like `to`. Children are matched by id, else by tag and order. */
export function morph(from, to) {
  const chosen = from.tagName === "SELECT" ? from.value : null;
  attributes(from, to);
  if (!keepsChildren(from)) children(from, to);
  value(from, to, chosen);
}

function attributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !OURS.has(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (!OURS.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function keepsChildren(element) {
  if (element.tagName === "SELECT") return false;
  if (element.dataset.combo && element.contains(document.activeElement)) return true; // being searched
  return element.hasAttribute("data-keep") || touched.has(element) || element.tagName === "TEXTAREA";
}

function children(from, to) {
  const present = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
  const wantedIds = new Set([...to.children].map((child) => child.id).filter(Boolean));
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const match = wanted.id ? present.get(wanted.id) : isLike(at, wanted) ? at : null;
    if (match) at = skipGone(at, match, wantedIds);
    if (!match || match.nodeName !== wanted.nodeName) {
      from.insertBefore(wanted, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else from.insertBefore(match, at);
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
    else if (match.data !== wanted.data) match.data = wanted.data;
  }
  while (at) at = dropped(at);
}

const isLike = (node, wanted) => node && node.nodeName === wanted.nodeName && !node.id;

/** Take away what stands before `match` and is wanted no more: moving `match` would lose its focus. */
function skipGone(at, match, wantedIds) {
  while (at && at !== match && !wantedIds.has(at.id)) at = dropped(at);
  return at;
}

function dropped(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** The properties that attributes only start: what is typed, ticked or chosen. */
function value(from, to, chosen) {
  const theirs = touched.has(from) || from === document.activeElement;
  if (from.tagName === "SELECT") from.value = theirs ? chosen : to.value;
  if (theirs) return;
  if (from.tagName === "TEXTAREA" && from.value !== to.value) from.value = to.value;
  if (from.tagName !== "INPUT" || from.type === "file" || from.role === "combobox") return;
  if (from.type === "checkbox" || from.type === "radio") from.checked = to.checked;
  else if (from.value !== to.value) from.value = to.value;
}
