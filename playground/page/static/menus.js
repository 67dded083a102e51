// Pop-up menus: the browser opens and closes them (popover); here they are put beside what opened them.

/** Put an open popover below its anchor, or above when there is more room, inside the window. */
export function place(popover, anchor) {
  const around = anchor.getBoundingClientRect();
  if (popover.matches("[role=listbox]")) popover.style.minWidth = `${around.width}px`;
  popover.style.maxHeight = "";
  const below = innerHeight - around.bottom - 8;
  const above = around.top - 8;
  const height = popover.scrollHeight;
  const isBelow = height <= below || below >= above;
  popover.style.maxHeight = `${Math.max(isBelow ? below : above, 80)}px`;
  const shown = popover.getBoundingClientRect();
  popover.style.top = `${isBelow ? around.bottom + 4 : around.top - shown.height - 4}px`;
  const left = popover.matches(".message-actions .menu, .section .menu") ? around.right - shown.width : around.left;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - shown.width - 8))}px`;
}

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (!target.matches?.(".menu[popover]") || target.role === "listbox") return;
    const opener = document.querySelector(`[popovertarget="${CSS.escape(target.id)}"]`);
    opener.ariaExpanded = String(newState === "open");
    if (newState !== "open") return;
    place(target, opener);
    target.querySelector("button, a")?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest(".menu[popover]:not([role=listbox])");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button, a")];
  items[(items.indexOf(event.target) + step + items.length) % items.length].focus();
});
