// Buttons that copy an address. Without this it stands beside them, to be copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const { copies, copied } = button.dataset, text = button.textContent;
  const field = document.getElementById(copies);
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue; // Browsers have it on https and on localhost.
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "unseen";
  button.after(status);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = status.textContent = copied;
    setTimeout(() => { button.textContent = text; status.textContent = ""; }, 3000);
  });
}
