// @ts-check
// The button that prints the page: without a script there is the browser's own menu.

const button = document.getElementById("print");
if (button instanceof HTMLButtonElement) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
