// Search where no server answers, in a built folder: reads the feed and its archives, newest first,
// and shows the posts that feeds/search.py would find.
{
  const MOST = 50; // documents; at 20 posts each, the newest thousand
  const MIN_BEGINNING = 3;
  // Scripts that put no space between words.
  const ALONE = "[\\u3041-\\u30fa\\u3400-\\u9fff\\u{20000}-\\u{3ffff}]";
  const WORD = new RegExp(`${ALONE}|(?:(?!${ALONE})[\\p{L}\\p{N}])+`, "gu");
  const SAME = { "æ": "ae", "ø": "oe", "ß": "ss", "ς": "σ" };
  const BLOCK = /<\/?(?:blockquote|br|dd|div|dt|figcaption|h[1-6]|hr|li|p|pre|td|th|tr)\b/gi;

  const words = (text) => text.normalize("NFKD").toLowerCase().replaceAll("a\u030a", "aa")
    .replace(/[æøßς]/g, (letter) => SAME[letter]).replace(/\p{M}/gu, "").match(WORD) ?? [];

  const textOf = (html) =>
    new DOMParser().parseFromString(html.replace(BLOCK, " $&"), "text/html").body.textContent;

  const holds = (item, wanted) => {
    const { title, summary = "", tags = [], content_html = "", content_text = "" } = item;
    const held = words([title, summary, ...tags, content_text, textOf(content_html)].join("\n"));
    return wanted.every((word) => held.some(
      word.length < MIN_BEGINNING ? (one) => one === word : (one) => one.startsWith(word)));
  };

  const make = (name, properties, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  const search = async (query, place) => {
    const said = place.dataset, wanted = words(query);
    const heading = make("h2", {}, said.searching);
    const status = make("div", { role: "status" }, heading);
    const day = new Intl.DateTimeFormat(document.documentElement.lang,
      { dateStyle: "long", timeZone: said.zone });
    place.before(status);

    const article = (item, home) => {
      // As on every page, a link to the site does not say where the site lies.
      const href = item.url.startsWith(home) ? said.root + item.url.slice(home.length) : item.url;
      const lang = item.language ? { lang: item.language } : {};
      const date = make("time", { dateTime: item.date_published },
        day.format(new Date(item.date_published)));
      return make("article", {},
        make("p", {}, date),
        make("h3", lang, make("a", { href }, make("bdi", {}, item.title))),
        ...(item.summary ? [make("p", lang, make("bdi", {}, item.summary))] : []));
    };

    let count = 0, home, next = wanted.length ? said.feed : null;
    try {
      for (let read = 0; next && read < MOST; read++) {
        const feed = await (await fetch(next)).json();
        home ??= feed.home_page_url;
        for (const item of feed.items.filter((one) => holds(one, wanted))) {
          count++;
          place.before(article(item, home));
        }
        next = feed.next_url && new URL(feed.next_url).pathname;
      }
    } catch {
      heading.textContent = said.noSearch;
      return;
    }
    heading.textContent = `${said.found}: ${count}`;
    if (!count) status.append(make("p", {}, said.nothingFound));
    if (next) place.before(make("p", {}, said.notSearched));
  };

  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (query) {
    const place = document.getElementById("found");
    document.getElementById("q").value = query;
    search(query, place);
  }
}
