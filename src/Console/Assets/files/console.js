// Every page works without this: it copies, warns of a second click, renews what is live, and moves the focus.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  const text = "value" in from ? from.value : from.textContent;
  const said = button.querySelector("[data-said]");
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied";
  } catch {
    if (from.select) from.select();
    said.textContent = "Press Ctrl+C";
  }
});

// A form is sent once; the service would answer a repetition alike, since the form carries the key of its call.
document.addEventListener("submit", (event) => {
  if (event.target.method === "get") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// "/" goes to the search of the page, as in other consoles.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(input|textarea|select)$/i.test(event.target.tagName)) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// Choosing all rows of a table.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
});

// Says why what is shown is no longer updated; nothing where it is.
const stale = (why) => {
  for (const said of document.querySelectorAll("[data-stale]")) said.hidden = said.dataset.stale !== why;
};

// A part that lives is fetched again while the page is looked at and nobody works in it.
for (const part of document.querySelectorAll("[data-live]")) {
  const seconds = Number(part.dataset.live);
  const renew = async () => {
    const isBusy = part.contains(document.activeElement) || part.querySelector("input:checked, details[open]");
    if (!document.hidden && !isBusy) {
      try {
        const answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "manual" });
        if (answer.status === 401 || answer.type === "opaqueredirect") return stale("over");
        stale(answer.ok ? "" : "away");
        if (answer.ok) {
          const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
          if (next) part.replaceChildren(...next.childNodes);
          if (next && !next.dataset.live) return;
        }
      } catch { stale("away"); }
    }
    setTimeout(renew, seconds * 1000);
  };
  setTimeout(renew, seconds * 1000);
}

// What only leads on is pressed by itself.
document.querySelector("form[data-go]")?.requestSubmit();

const wrong = document.querySelector("[data-focus], [aria-invalid='true']");
if (wrong) wrong.focus();
