// Files from disk: in the file inputs of forms, and in the composer.

import { announce, say, upload } from "./api.js";
import { chip } from "./combobox.js";
import { busy, use } from "./elements.js";
import { touch } from "./morph.js";

let pending = Promise.resolve();

/** Resolves when no upload is under way. */
export const uploads = () => pending;

const MAX_BYTES = 10 * 1024 * 1024;

/** Upload what was picked and list it; the sentence that says what could not be taken, if anything. */
export async function attach(picker, list, { most = Infinity, types = [] } = {}) {
  const files = [...picker.files];
  picker.value = ""; // so that the same file can be picked again
  const sound = files.filter((file) => !refusal(file, types));
  const room = most - list.children.length;
  let problem = files.map((file) => refusal(file, types)).find(Boolean);
  if (sound.length > room) problem = say("too_many_files", { n: most });
  const taken = sound.slice(0, Math.max(room, 0));
  const uploaded = taken.length ? await busy(picker.parentElement, () => upload(taken)) : [];
  if (!uploaded) return say("upload_failed", { name: taken[0].name });
  list.append(...uploaded.map(({ id, name }) => chip(id, name)));
  if (uploaded.length) announce(say("chosen", { text: uploaded.map(({ name }) => name).join(", ") }));
  return problem;
}

function refusal({ name, size }, types) {
  if (!size) return say("file_empty", { name });
  if (size > MAX_BYTES) return say("file_too_big", { name });
  const extension = name.split(".").at(-1).toLowerCase();
  return types.length && !types.includes(extension) ? say("file_type", { name }) : null;
}

document.addEventListener("change", async ({ target }) => {
  const box = target.type === "file" && target.closest("[data-files]");
  if (!box) return;
  touch(box);
  const types = box.dataset.types.toLowerCase().split(" ").filter(Boolean);
  const note = box.querySelector(".file-note");
  note.textContent = "";
  const attached = attach(target, box.querySelector(".file-list"), { most: Number(box.dataset.max), types });
  pending = Promise.all([pending, attached]);
  note.textContent = (await attached) ?? "";
  use(box.closest(".element"), "change");
});

document.addEventListener("click", ({ target }) => {
  const gone = target.closest("[data-unpick]")?.closest(".file-list > .chip");
  if (!gone) return;
  const box = gone.closest("[data-files]");
  announce(say("removed", { name: gone.querySelector("span").textContent }));
  const picker = gone.closest("[data-files], [data-composer]").querySelector("input[type=file]");
  gone.remove();
  picker.focus();
  if (!box) return;
  touch(box);
  use(box.closest(".element"), "change");
});
