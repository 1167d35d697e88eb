// What pages do besides being pages. Everything works without it.
"use strict";

// Shows the result of an action once: the address forgets it, so that a reload does not repeat it.
function forgetResult() {
  const address = new URL(location.href);
  if (!address.searchParams.has("done")) return;
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address);
}

// Shows what only a script can do, such as copying.
function showScripted() {
  for (const button of document.querySelectorAll("[data-copies][hidden], [data-prints][hidden]")) button.hidden = false;
}

const SILENT = "The server does not answer. Nothing is lost: try again.";

// A screen reader says what comes into a region, and not what stands there from the beginning: so the result of an action
// comes in a moment later.
function sayResult() {
  const region = document.getElementById("toast");
  const result = region?.querySelector(".toast");
  if (!result) return;
  result.remove();
  setTimeout(() => region.append(result), 100);
}

// Says something once, for eyes and ears.
function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  document.getElementById("toast")?.replaceChildren(toast);
}

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// The page that was answered. Its addresses are relative to where it stands, and become absolute.
async function read(answer) {
  const page = parse(await answer.text());
  for (const name of ["href", "src", "action", "formaction"]) {
    for (const one of page.body.querySelectorAll(`[${name}]`)) one.setAttribute(name, new URL(one.getAttribute(name), answer.url));
  }
  return page;
}

// What a page says is wrong.
function problemIn(page) {
  const problem = page.querySelector(".problems, .notice p")?.textContent ?? "Nothing was changed. Try again.";
  const request = page.querySelector(".notice code")?.textContent;
  return request ? `${problem} (Request ${request})` : problem;
}

// Shows what is wrong with a form, which keeps what was typed.
function showProblem(form, text) {
  form.querySelector(".problems")?.remove();
  const problem = document.createElement("div");
  problem.className = "problems";
  problem.setAttribute("role", "alert");
  problem.tabIndex = -1;
  problem.textContent = text;
  form.prepend(problem);
  problem.focus();
}

// Whether a form was refused because the session has ended. A wrong password is a 401 as well, but without this header.
const hasEnded = ({ status, headers }) => status === 401 && headers.has("WWW-Authenticate");

let login;

// Asks for name and password in a dialog over the page, which stays as it is. Says whether somebody has logged in.
function logIn() {
  login ??= askToLogIn().finally(() => (login = undefined));
  return login;
}

async function askToLogIn() {
  const office = document.querySelector("header .shop")?.href;
  if (!office) return false;
  const card = (await read(await fetch(new URL("login", office)))).querySelector(".login");
  // The page may have fields of the same names.
  for (const one of card.querySelectorAll("[id]")) one.id = `login-${one.id}`;
  for (const label of card.querySelectorAll("label[for]")) label.htmlFor = `login-${label.htmlFor}`;
  const why = document.createElement("p");
  why.textContent = "Your session has ended. Log in, and what you typed is sent.";
  card.querySelector("h1").after(why);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Log in");
  dialog.append(document.adoptNode(card));
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  let isIn = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      // A login leads to another page, which is not opened.
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      isIn = answer.type === "opaqueredirect";
      if (isIn) dialog.close();
      else {
        showProblem(form, problemIn(await read(answer)));
        form.querySelector("[type=password]").select();
      }
    } catch {
      showProblem(form, SILENT);
    }
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(isIn);
    });
    dialog.showModal();
  });
}

// Sends a form. If the session has ended, it is sent again after a login.
async function send(address, body) {
  const answer = await fetch(address, { method: "POST", body });
  return hasEnded(answer) && (await logIn()) ? send(address, body) : answer;
}

let isOpening = false;

// Opens the form of an action as a dialog over the page, instead of as a page. A second click opens no second one.
async function openDialog(link) {
  if (isOpening) return;
  isOpening = true;
  try {
    await showDialog(link);
  } catch {
    say(SILENT);
  } finally {
    isOpening = false;
  }
}

async function showDialog(link) {
  const answer = await fetch(link.href, { headers: { "X-Requested-With": "office" } });
  if (answer.redirected && new URL(answer.url).pathname.endsWith("/office/login")) {
    if (await logIn()) await showDialog(link);
    return;
  }
  const card = (await read(answer)).querySelector("[data-dialog]");
  if (!answer.ok || !card) {
    location.href = link.href;
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.append(document.adoptNode(card));
  dialog.setAttribute("aria-label", card.querySelector("h1")?.textContent ?? "");
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  showScripted();
  dialog.showModal();
}

// Moves the focus to the first field that is at fault, or else to what is wrong with all of the form.
function focusFault(within) {
  (within?.querySelector("[aria-invalid]") ?? within?.querySelector(".problems[tabindex]"))?.focus();
}

// Sends the form of a dialog. A refused form stays, with what was typed and what is wrong.
async function sendDialog(form, submitter) {
  const button = submitter ?? form.querySelector("button");
  const body = new URLSearchParams(new FormData(form, submitter));
  button.disabled = true;
  try {
    const answer = await send(form.action, body);
    if (answer.redirected) {
      location.href = answer.url;
      return;
    }
    const page = await read(answer);
    const card = page.querySelector("[data-dialog]");
    if (card) {
      form.closest("[data-dialog]").replaceWith(document.adoptNode(card));
      showScripted();
      focusFault(card);
      return;
    }
    showProblem(form, problemIn(page));
  } catch {
    showProblem(form, SILENT);
  } finally {
    button.disabled = false;
  }
}

// Whether the first of these files that is too large for a field is named.
function isTooLarge(form, files) {
  const most = Number(form.querySelector("input[type=file]").dataset.most);
  const large = files.find((file) => file.size > most);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  if (large) showProblem(form, `${large.name} has ${megabytes(large.size)}. A file has at most ${megabytes(most)}. Nothing was sent.`);
  return Boolean(large);
}

// Keeps everything on the page of a form from being pressed and typed into while the form is sent, or allows it again.
const hold = (form, isHeld) => {
  form.closest("main").inert = isHeld;
};

// A page that the browser has kept as it was left, held, is shown again by its back button.
addEventListener("pageshow", () => {
  for (const main of document.querySelectorAll("main[inert]")) main.inert = false;
});

// Sends pictures one after the other, so that each may be as large as one may be. What was typed about others goes with
// the first, and the form after each is the one of the page that answers it.
async function sendPictures(sent) {
  let form = sent;
  const { name, files: chosen } = form.querySelector("input[type=file]");
  const files = [...chosen];
  hold(form, true);
  try {
    let then = location.href;
    for (const [place, file] of files.entries()) {
      if (files.length > 1) say(`Picture ${place + 1} of ${files.length} is being sent: ${file.name}`);
      const body = new FormData(form);
      body.delete(name);
      body.append(name, file);
      const answer = await send(form.action, body);
      const page = await read(answer);
      if (!answer.redirected) {
        hold(form, false);
        showRefusedPicture(form, page, file, place);
        return;
      }
      then = answer.url;
      form = showMain(page) ?? form;
      hold(form, true);
    }
    location.href = then;
  } catch {
    hold(form, false);
    showProblem(form, SILENT);
  }
}

// Shows what another page has of pictures, and gives its form.
function showMain(page) {
  const main = page.querySelector("main:has(form[data-drops])");
  if (!main) return undefined;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  htmx.process(main);
  return main.querySelector("form[data-drops]");
}

// Shows why a picture is refused, and those that were taken before it.
function showRefusedPicture(form, page, file, taken) {
  const problem = `${file.name}: ${page.querySelector(".fault")?.textContent ?? problemIn(page)}`;
  for (const one of page.querySelectorAll(".problems")) one.remove();
  showProblem(showMain(page) ?? form, taken > 0 ? `${problem} Those before it are uploaded: ${taken}.` : problem);
}

// Sends a form with a file, which the browser cannot fill in again: so somebody is logged in before.
async function sendFile(form) {
  const office = document.querySelector("header .shop").href;
  try {
    const answer = await fetch(new URL("settings?watch=1", office), { redirect: "manual" });
    if (answer.type === "opaqueredirect" && !(await logIn())) showProblem(form, "Nothing was sent. Log in, then send it again.");
    else form.submit();
  } catch {
    showProblem(form, SILENT);
  }
}

// A form that is a page of its own stays, with what was typed, if the session has ended.
document.addEventListener("htmx:before:response", async (event) => {
  const { sourceElement: form, response, request } = event.detail.ctx;
  if (!form.matches("form[method=post]") || !hasEnded(response)) return;
  event.preventDefault();
  if (await logIn()) form.requestSubmit(request.submitter);
  else showProblem(form, "Nothing was changed. Log in, then send it again.");
});

// It stays, too, if it is answered with a page that only says what is wrong, or by nobody who knows the office.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response, text } = event.detail.ctx;
  if (!form.matches("form[method=post]") || response.status < 400) return;
  const page = parse(text);
  if (response.status !== 503 && !page.querySelector(".notice")) return;
  event.preventDefault();
  showProblem(form, problemIn(page));
});

document.addEventListener("htmx:error", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source?.matches("form[method=post]")) showProblem(source, SILENT);
  if (source?.matches("[data-retries]")) retrySoon();
});

// A page that could not be answered is opened again after some seconds.
function retrySoon() {
  const link = document.querySelector("[data-retries]");
  if (!link) return;
  document.querySelector("[data-retried]").hidden = false;
  setTimeout(() => link.isConnected && link.click(), 5000);
}

// Copies a text. Browsers let pages do that by https alone, or if somebody allows it: else it is selected, to be copied.
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    say("The text is selected: copy it with the keys of your browser.");
  }
}

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copies]");
  if (copies) {
    await copy(document.getElementById(copies.dataset.copies), copies);
    return;
  }
  if (event.target.closest("[data-prints]")) {
    print();
    return;
  }
  const closes = event.target.closest("dialog [data-closes]");
  if (closes) {
    event.preventDefault();
    event.stopPropagation();
    closes.closest("dialog").close();
    return;
  }
  const opens = event.target.closest("a[data-opens]");
  if (opens && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    await openDialog(opens);
  }
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isOfDialog = form.matches("dialog [data-dialog] form");
  const files = [...(form.querySelector("input[type=file]")?.files ?? [])];
  // Without a file, the server says what is missing. Buttons that do something else send no file.
  if (!isOfDialog && (files.length === 0 || event.submitter?.hasAttribute("formaction"))) return;
  event.preventDefault();
  event.stopPropagation();
  if (isOfDialog) sendDialog(form, event.submitter);
  else if (isTooLarge(form, files)) return;
  else if (form.dataset.drops === "send") sendPictures(form);
  else sendFile(form);
}, true);

// Whether a field takes a file: by its type, or by the end of its name.
function fits(input, file) {
  const kinds = input.accept.split(",").map((kind) => kind.trim());
  return kinds.some((kind) => (kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind) : file.type === kind));
}

// Files that are dropped or pasted go into the form of the page that takes files. Pictures are sent at once; a table is
// chosen, since it has options.
function take(files) {
  const form = document.querySelector("form[data-drops]");
  if (!form) {
    say("No file is taken here. Pictures belong on the page Pictures of a product, tables on the page Import a file.");
    return;
  }
  const input = form.querySelector("input[type=file]");
  const fitting = [...files].filter((file) => fits(input, file));
  if (fitting.length === 0) {
    say(`${files[0].name} is not taken here. ${document.getElementById("about-file")?.textContent ?? ""}`);
    return;
  }
  const chosen = new DataTransfer();
  for (const file of input.multiple ? fitting : fitting.slice(0, 1)) chosen.items.add(file);
  input.files = chosen.files;
  if (form.dataset.drops === "send") form.requestSubmit();
  else {
    say(`${input.files[0].name} is chosen.`);
    input.focus();
  }
}

// A picture is dragged to another place among those of its list, and the new order is saved as by the buttons beside it.
let moved;

document.addEventListener("dragstart", (event) => {
  const item = event.target.matches?.("img") && event.target.closest("ol.sorted > li");
  if (!item) return;
  moved = { item, before: item.nextElementSibling };
  event.dataTransfer.effectAllowed = "move";
  item.classList.add("moved");
});
document.addEventListener("dragover", (event) => {
  if (!moved) return;
  const over = event.target.closest?.("ol.sorted > li");
  if (over?.parentElement !== moved.item.parentElement) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  const place = event.clientY > top + height / 2 ? over.nextElementSibling : over;
  if (place !== moved.item && place !== moved.item.nextElementSibling) over.parentElement.insertBefore(moved.item, place);
});
document.addEventListener("dragend", (event) => {
  if (!moved) return;
  const { item, before } = moved;
  moved = undefined;
  item.classList.remove("moved");
  if (item.nextElementSibling === before) return;
  // Dropped elsewhere, or given up by Escape.
  if (event.dataTransfer.dropEffect === "none") item.parentElement.insertBefore(item, before);
  else item.closest("form").requestSubmit(document.querySelector("button[name=do][value=save]"));
});

// A field for files takes what is dropped on it by itself.
const takesByItself = (event) => event.target.closest?.("input[type=file]");

document.addEventListener("dragover", (event) => {
  if (moved || !event.dataTransfer.types.includes("Files") || takesByItself(event)) return;
  // Dropped elsewhere, the browser would leave the page and show the file.
  event.preventDefault();
  document.querySelector("form[data-drops]")?.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.querySelector(".dropping")?.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  document.querySelector(".dropping")?.classList.remove("dropping");
  // A browser has a picture of the page as a file, too.
  if (moved) event.preventDefault();
  if (moved || event.dataTransfer.files.length === 0 || takesByItself(event)) return;
  event.preventDefault();
  take(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  // A table that is copied into a field comes with a picture of it.
  if (event.clipboardData.files.length === 0 || event.target.closest?.("input, textarea")) return;
  if (!document.querySelector("form[data-drops]")) return;
  event.preventDefault();
  take(event.clipboardData.files);
});

// In a grid, Enter moves down the column, and up with Shift. It saves only on the button, which comes after the last row.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("table.grid td");
  if (event.key !== "Enter" || event.isComposing || !cell || !event.target.matches("input:not([type=checkbox]), select")) return;
  event.preventDefault();
  const row = event.shiftKey ? cell.parentElement.previousElementSibling : cell.parentElement.nextElementSibling;
  const next = row?.cells[cell.cellIndex]?.querySelector("input:not([type=hidden]), select");
  if (next) {
    next.focus();
    next.select?.();
  } else if (!event.shiftKey) {
    event.target.form.querySelector("button.main").focus();
  }
});

// Marks the cells of a grid that hold something else than they were filled with.
document.addEventListener("input", (event) => {
  const cell = event.target.closest("table.grid td");
  if (!cell || event.target.type === "checkbox") return;
  const was = event.target.form.elements[`was-${event.target.name}`]?.value ?? "";
  cell.classList.toggle("changed", event.target.value !== was);
});

// Keys: / for the search, g and a letter for a page, ? for this list. They do nothing in fields, and none with a modifier.
const PAGES = { h: "Home", o: "Orders", p: "Products", s: "Stock", c: "Customers", r: "Reports" };
let waitsForPage = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("office-keys") === "off") return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  if (waitsForPage) {
    waitsForPage = false;
    const links = [...document.querySelectorAll("nav.side a")];
    // A count may stand behind the name.
    links.find((link) => link.querySelector("span").textContent === PAGES[event.key])?.click();
  } else if (event.key === "g") {
    waitsForPage = true;
    setTimeout(() => (waitsForPage = false), 1500);
  } else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (event.key === "n") {
    document.querySelector("[data-key='n']")?.click();
  } else if (event.key === "e") {
    document.querySelector("[data-key='e']")?.click();
  }
});

// Keys can be switched off (WCAG 2.1.4), for this browser.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys]")) localStorage.setItem("office-keys", event.target.checked ? "on" : "off");
});

function begin() {
  forgetResult();
  showScripted();
  for (const box of document.querySelectorAll("[data-keys]")) {
    box.checked = localStorage.getItem("office-keys") !== "off";
    box.closest("[hidden]")?.removeAttribute("hidden");
  }
}

function beginPage() {
  begin();
  sayResult();
  focusFault(document.querySelector("main"));
  retrySoon();
}
document.addEventListener("DOMContentLoaded", beginPage);
document.addEventListener("htmx:after:swap", (event) => (event.detail.ctx.target === document.body ? beginPage() : begin()));
