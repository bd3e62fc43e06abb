// Light and dark, and the shapes and colours of the labels.

const root = document.documentElement;
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = null;

function isDark() {
  return chosenTheme === null ? prefersDark.matches : chosenTheme === "dark";
}

function colourOf(label) {
  return LABELS.get(label)[isDark() ? "dark" : "light"];
}

// Return one of the style sheet's colours, such as "--ink".
function styled(name) {
  return getComputedStyle(root).getPropertyValue(name).trim();
}

function applyTheme() {
  root.dataset.theme = isDark() ? "dark" : "light";
  const button = document.getElementById("theme");
  button.setAttribute("aria-pressed", String(isDark()));
  button.textContent = isDark() ? "Light" : "Dark";
}

const OUTLINES = {
  dot: "M6 1a5 5 0 1 0 .01 0z",
  square: "M1.5 1.5h9v9h-9z",
  triangle: "M6 .8 11.4 10.6H.6z",
  triangleDown: "M6 11.2.6 1.4h10.8z",
  diamond: "M6 .3 11.7 6 6 11.7.3 6z",
  hexagon: "M3 .8h6L12 6l-3 5.2H3L0 6z",
};

const SVG = "http://www.w3.org/2000/svg";

// Return the sign of a label as it is drawn: its shape in its colour.
function sign(label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", OUTLINES[LABELS.get(label).shape] ?? OUTLINES.dot);
  path.setAttribute("fill", colourOf(label));
  svg.append(path);
  return svg;
}
