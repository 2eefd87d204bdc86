/** Asks before what cannot be undone. */
export function sure(title: string, text: string, yes: string, no: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "sure");
  const heading = Object.assign(document.createElement("h2"), { className: "dialog-title", id: "sure", textContent: title });
  const paragraph = Object.assign(document.createElement("p"), { textContent: text });
  const row = Object.assign(document.createElement("div"), { className: "row" });
  const button = (label: string, className: string, value: string) => {
    const element = Object.assign(document.createElement("button"), { className: `btn ${className}`, type: "button", textContent: label });
    element.addEventListener("click", () => dialog.close(value));
    return element;
  };
  row.append(button(no, "btn-bare", "no"), button(yes, "btn-danger", "yes"));
  dialog.append(heading, paragraph, row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
