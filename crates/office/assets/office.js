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

// Opens the form of an action as a dialog over the page, instead of as a page.
async function openDialog(link) {
  const answer = await fetch(link.href, { headers: { "X-Requested-With": "office" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = page.querySelector("[data-dialog]");
  if (!answer.ok || !card) {
    location.href = link.href;
    return;
  }
  // The page's own relative addresses are meant from its own place.
  for (const form of card.querySelectorAll("form")) form.action = new URL(form.getAttribute("action"), answer.url);
  for (const inner of card.querySelectorAll("a[href]")) inner.href = new URL(inner.getAttribute("href"), answer.url);
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

// Sends the form of a dialog. A refused form stays, with what was typed and what is wrong.
async function sendDialog(form, submitter) {
  const button = submitter ?? form.querySelector("button");
  button.disabled = true;
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.redirected && !new URL(answer.url).pathname.endsWith("/office/login")) {
      location.href = answer.url;
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const card = page.querySelector("[data-dialog]");
    const problem = card?.querySelector(".problems") ?? page.querySelector(".problems, .notice p");
    if (card) {
      for (const inner of card.querySelectorAll("form")) inner.action = new URL(inner.getAttribute("action"), answer.url);
      for (const inner of card.querySelectorAll("a[href]")) inner.href = new URL(inner.getAttribute("href"), answer.url);
      form.closest("[data-dialog]").replaceWith(document.adoptNode(card));
      showScripted();
      (document.querySelector("dialog [aria-invalid]") ?? document.querySelector("dialog input"))?.focus();
      return;
    }
    showProblem(form, problem?.textContent ?? "Nothing was changed. Try again.", answer.status === 401);
  } catch {
    showProblem(form, "The server does not answer. Nothing is lost: try again.", false);
  } finally {
    button.disabled = false;
  }
}

function showProblem(form, text, needsLogin) {
  form.querySelector(".problems")?.remove();
  const problem = document.createElement("div");
  problem.className = "problems";
  problem.setAttribute("role", "alert");
  problem.textContent = text;
  if (needsLogin) {
    const login = document.createElement("a");
    login.href = document.querySelector("header .shop")?.href ?? "./";
    login.target = "_blank";
    login.textContent = " Log in in another tab";
    problem.append(login);
  }
  form.prepend(problem);
}

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copies]");
  if (copies) {
    await navigator.clipboard.writeText(document.getElementById(copies.dataset.copies).textContent);
    copies.textContent = "Copied";
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
  const form = event.target.closest("dialog [data-dialog] form");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  sendDialog(form, event.submitter);
}, true);

// A picture that is dropped or pasted on a page with a form for pictures is uploaded.
function upload(files) {
  const form = document.querySelector("form[data-drops]");
  const file = [...files].find((one) => one.type.startsWith("image/"));
  if (!form || !file) return false;
  const chosen = new DataTransfer();
  chosen.items.add(file);
  form.querySelector("input[type=file]").files = chosen.files;
  form.requestSubmit();
  return true;
}

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  // Dropped elsewhere, the browser would leave the page and show the file.
  event.preventDefault();
  document.querySelector("form[data-drops]")?.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.querySelector(".dropping")?.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  document.querySelector(".dropping")?.classList.remove("dropping");
  upload(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0 && upload(event.clipboardData.files)) event.preventDefault();
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
    links.find((link) => link.textContent.trim() === PAGES[event.key])?.click();
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
document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:after:swap", begin);
