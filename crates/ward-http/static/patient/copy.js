// @ts-check
// The button that copies the summary. Without it the text is there to be marked and copied by hand.

const button = document.getElementById("copy");
const text = document.getElementById("summary");
const said = document.getElementById("copied");

/** @param {HTMLTextAreaElement} area */
async function copy(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    return "Copied.";
  } catch {
    // A browser that does not let pages copy: the text is marked, one key away.
    area.focus();
    area.select();
    return "The text is marked: copy it with Ctrl and C.";
  }
}

if (button !== null && text instanceof HTMLTextAreaElement && said !== null) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = await copy(text);
  });
}
