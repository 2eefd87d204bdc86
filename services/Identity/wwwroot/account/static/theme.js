// Theme: the choice kept by the site, or the system's. Only this button needs script; without it the button stays hidden.
(function () {
  var root = document.documentElement;
  var kept = null;
  try { kept = localStorage.getItem("theme"); } catch (e) { /* storage may be off */ }
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector("[data-theme-toggle]");
    button.hidden = false;
    button.addEventListener("click", function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch (e) { /* as above */ }
    });
  });
})();
