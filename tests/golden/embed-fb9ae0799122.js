// Shows a JSON Feed; docs/embed.md says how.
{
  // Not a <style>, which a page's CSP may forbid.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host(:not([hidden])) { display: block }
:host {
  overflow-wrap: break-word;
  color: var(--feed-embed-color, var(--text));
  background: var(--feed-embed-background, var(--ground))
}
:host([theme]) {
  padding: 1rem; color-scheme: light dark;
  --text: light-dark(#1f1e1b, #ebe8e1);
  --link: light-dark(#0b5563, #84c9d6);
  --ground: light-dark(#fff, #181715)
}
:host([theme=light]) { color-scheme: light }
:host([theme=dark]) { color-scheme: dark }
p, ul { margin: 0; padding: 0; list-style: "" }
a {
  display: block; font-weight: 600; text-underline-offset: .2em;
  color: var(--feed-embed-link, var(--link, inherit))
}
[part=title] { font-size: 1.125em; color: inherit; text-decoration: none }
li {
  display: flow-root; margin-top: .75em; padding-top: .75em;
  border-top: 1px solid var(--feed-embed-line, #8886)
}
time, li p { font-size: .875em; opacity: .8 }
img { float: inline-end; width: 6em; height: 4.5em; margin-inline-start: 1em; object-fit: cover }`);

  // All that a feed says is set as text, never as HTML.
  const make = (name, part, inside, more) => {
    const element = Object.assign(document.createElement(name), { part }, more);
    element.append(...inside.filter(Boolean));
    return element;
  };
  const address = (url, base) =>
    url && URL.canParse(url, base) && /^https?:/.test((url = new URL(url, base).href)) && url;
  const link = (part, text, href) =>
    make("a", part, [text], { dir: "auto", rel: "noopener", ...(href && { href }) });
  const date = (text, lang) => {
    try {
      const day = new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(new Date(text));
      return make("time", "date", [day], { dateTime: text, lang });
    } catch {} // No date.
  };
  // The document made here runs and loads nothing.
  const words = ({ summary, content_text, content_html }) =>
    (summary || content_text ||
      new DOMParser().parseFromString(content_html ?? "", "text/html").body.textContent).slice(0, 140);

  class FeedEmbed extends HTMLElement {
    static observedAttributes = ["src", "items", "summary", "image"];
    #section = make("section", "feed", [document.createElement("slot")]);
    #turn;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(this.#section);
    }

    attributeChangedCallback() {
      this.connectedCallback();
    }

    async connectedCallback() {
      const turn = (this.#turn = {});
      await 0; // for more attributes
      if (turn != this.#turn || !this.isConnected) return;
      const section = this.#section;
      section.ariaBusy = "true";
      let lang = this.closest("[lang]")?.lang || navigator.language;
      const say = (da, en) => make("p", "message", [/^da/.test(lang) ? da : en]);
      const has = (name) => this.hasAttribute(name);
      let inside;
      try {
        const src = address(this.getAttribute("src"), document.baseURI);
        if (!src) throw 0;
        const feed = await (await fetch(src)).json();
        lang = feed.language || lang;
        const items = feed.items.slice(0, Math.max(1, parseInt(this.getAttribute("items"))) || 5);
        const list = items.map((item) => {
          const { title, summary } = item;
          const url = address(item.url || item.external_url, src);
          const image = has("image") && address(item.image, src);
          return make("li", "item", [
            image && make("img", "image", [], { loading: "lazy", alt: "", src: image }),
            link("link", title || words(item) || url, url),
            date(item.date_published, lang),
            has("summary") && title && summary && make("p", "summary", [summary], { dir: "auto" }),
          ], { lang: item.language || lang });
        });
        inside = [
          link("title", feed.title, address(feed.home_page_url)),
          list[0] ? make("ul", "list", list) : say("Der er endnu ingen indlæg.", "There are no posts yet."),
        ];
        section.ariaLabel = feed.title;
      } catch {
        const text = say("Indlæggene kan ikke vises lige nu.", "The posts cannot be shown just now.");
        inside = [text, document.createElement("slot")];
      }
      if (turn != this.#turn) return;
      section.lang = lang;
      section.ariaBusy = "false";
      section.replaceChildren(...inside);
    }
  }
  customElements.get("feed-embed") ?? customElements.define("feed-embed", FeedEmbed);
}
