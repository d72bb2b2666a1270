// The page's only script: language, theme, filter, and opening what is jumped to or printed.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  const press = (name, value) => {
    for (const button of all(`button[data-${name}]`)) {
      button.setAttribute("aria-pressed", String(button.getAttribute(`data-${name}`) === value));
    }
  };
  const speak = (language) => {
    root.dataset.language = language;
    root.lang = root.getAttribute(`data-tag-${language}`);
    document.title = root.getAttribute(`data-title-${language}`);
    press("speak", language);
  };
  const paint = (theme) => {
    root.dataset.theme = theme;
    press("paint", theme);
  };
  for (const button of all("button[data-speak]")) {
    button.addEventListener("click", () => speak(button.dataset.speak));
  }
  for (const button of all("button[data-paint]")) {
    button.addEventListener("click", () => paint(button.dataset.paint));
  }

  const filter = document.getElementById("failures-only");
  const said = document.getElementById("filter-said");
  const sift = () => {
    root.classList.toggle("sifted", filter.checked);
    said.hidden = !filter.checked;
    if (filter.checked) {
      for (const details of all("details.exercise.bad")) details.open = true;
    }
  };
  filter.addEventListener("change", sift);

  const open = (element) => {
    for (let each = element; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") each.open = true;
    }
  };
  const jump = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (filter.checked && !target.getClientRects().length) {
      filter.checked = false;
      sift();
    }
    open(target);
    target.scrollIntoView();
  };
  addEventListener("hashchange", jump);

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details.exercise.bad, details.check.bad").filter((details) => !details.open);
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  for (const tools of all("[data-tools]")) tools.hidden = false;
  filter.checked = false;
  speak(root.dataset.language);
  paint("auto");
  jump();
})();
