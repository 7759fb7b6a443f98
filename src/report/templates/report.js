"use strict";
(function () {
  var groups = Array.from(document.querySelectorAll("details.group"));
  // Paper cannot be unfolded: print everything, then restore.
  var folded = [];
  addEventListener("beforeprint", function () {
    folded = groups.filter(function (group) { return !group.open; });
    folded.forEach(function (group) { group.open = true; });
  });
  addEventListener("afterprint", function () {
    folded.forEach(function (group) { group.open = false; });
  });

  var form = document.querySelector(".filter");
  if (!form) return;
  form.hidden = false;
  var search = form.querySelector("[type=search]");
  var onlyNew = form.querySelector("[data-new]");
  var fold = form.querySelector("[data-fold]");
  var output = form.querySelector("output");
  var buttons = Array.from(form.querySelectorAll("[data-severity]"));
  var parts = Array.from(document.querySelectorAll(".part"));
  var rows = Array.from(document.querySelectorAll(".finding")).map(function (row) {
    return {
      element: row,
      severity: row.dataset.severity,
      isNew: row.querySelector("[data-life].new") !== null,
      text: row.textContent.toLowerCase()
    };
  });

  function apply() {
    var words = search.value.trim().toLowerCase();
    var wanted = buttons.filter(function (button) { return button.getAttribute("aria-pressed") === "true"; })
      .map(function (button) { return button.dataset.severity; });
    var shown = 0;
    rows.forEach(function (row) {
      var fits = wanted.includes(row.severity) && (!onlyNew.checked || row.isNew) && row.text.includes(words);
      row.element.hidden = !fits;
      if (fits) shown += 1;
    });
    parts.concat(groups).forEach(function (box) {
      if (box.querySelector(".finding")) box.hidden = !box.querySelector(".finding:not([hidden])");
    });
    output.textContent = shown === rows.length ? "" : "显示 " + shown + " / " + rows.length + " 条";
  }

  var waiting;
  search.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 150);
  });
  onlyNew.addEventListener("change", apply);
  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  });
  fold.addEventListener("click", function () {
    var open = groups.some(function (group) { return !group.open; });
    groups.forEach(function (group) { group.open = open; });
    fold.textContent = open ? "全部收起" : "全部展开";
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
})();
