// The codes and the preview follow what the editor chooses. The codes for the whole blog are on the
// page already; here their attributes change, so that how a code looks is said in one place.
{
  const form = document.getElementById("picker");
  const preview = document.getElementById("preview");
  const { feed, items, theme, summary, image } = form.elements;
  const root = location.pathname.replace(/\/embed\/new\/$/, "");
  let query;

  const recode = (id, change) => {
    const field = document.getElementById(id);
    const code = document.createElement("template");
    code.innerHTML = field.defaultValue;
    change((name) => code.content.querySelector(name));
    field.value = code.innerHTML.replaceAll('=""', "");
  };

  const show = () => {
    if (!form.checkValidity()) return;
    const page = form.dataset.url + feed.value;
    const title = feed.selectedOptions[0].text;
    const chosen = new URLSearchParams();
    // What is as it is by default stays out, in the order of feeds/embed.py: one address, one look.
    if (items.valueAsNumber !== Number(items.defaultValue)) chosen.set("items", items.valueAsNumber);
    for (const box of [summary, image]) if (box.checked) chosen.set(box.name, box.value);
    if (theme.value !== "auto") chosen.set("theme", theme.value);
    query = chosen.toString();
    const framed = `/embed${feed.value}${query && "?"}${query}`;

    recode("frame", (find) => Object.assign(find("iframe"), { src: form.dataset.url + framed, title }));
    recode("script", (find) => {
      const element = find("feed-embed");
      element.setAttribute("src", page + "feed.json");
      element.setAttribute("items", items.valueAsNumber);
      for (const box of [summary, image]) element.toggleAttribute(box.name, box.checked);
      if (theme.value !== "auto") element.setAttribute("theme", theme.value);
      Object.assign(find("a"), { href: page, textContent: title });
    });
    document.getElementById("link").value = page;
    // Not by its src, or the browser's way back would lead through every choice.
    preview.contentWindow.location.replace(root + framed);
  };

  preview.addEventListener("load", () => {
    const { documentElement, body } = preview.contentDocument;
    // A static host does not read queries.
    document.getElementById("fixed").hidden = documentElement.dataset.query === query;
    const height = Math.ceil(body.offsetHeight / 10) * 10;
    preview.height = height;
    const frame = document.getElementById("frame");
    frame.value = frame.value.replace(/ height="\d+"/, ` height="${height}"`);
  });

  form.addEventListener("input", show);
  form.hidden = false;
  document.getElementById("scriptless").hidden = true;
  show();
}
