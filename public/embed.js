// Crossover in other pages: <crossover-chart panel="break-even" link="v=1&tokens=50M/d"></crossover-chart>, and heights
// and themes for <iframe data-crossover>. Guide: docs/src/embedding.md
(() => {
  // Bundled or loaded as a module it does not know where it came from; elements then name the app themselves.
  const base = new URL(".", document.currentScript?.src ?? document.baseURI);
  const own = () => [...document.querySelectorAll("crossover-chart")].flatMap((chart) => chart.shadowRoot?.firstChild ?? []);
  const frames = () => [...document.querySelectorAll("iframe[data-crossover]"), ...own()];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // The page's theme is what its background looks like: that holds whatever names a site gives its themes.
  const theme = () => {
    for (const element of [document.body, document.documentElement]) {
      const [r, g, b, a = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
      if (a > 0.5) return 0.3 * r + 0.6 * g + 0.1 * b < 128 ? "dark" : "light";
    }
    return dark.matches && /dark/.test(getComputedStyle(document.documentElement).colorScheme) ? "dark" : "light";
  };
  const tell = (frame) => {
    const asked = new URL(frame.src, location).searchParams.get("theme") ?? "auto";
    const answer = asked === "auto" ? theme() : asked;
    frame.contentWindow?.postMessage({ type: "crossover:theme", version: 1, theme: answer }, "*");
  };
  const tellAll = () => frames().forEach(tell);

  addEventListener("message", ({ source, data }) => {
    if (data?.type !== "crossover:height" || data.version !== 1 || !Number.isFinite(data.height)) return;
    for (const frame of frames()) {
      if (frame.contentWindow !== source) continue;
      const height = `${Math.ceil(Math.min(Math.max(data.height, 60), 4000))}px`;
      Object.assign(frame.style, { height, border: "0", boxSizing: "content-box" });
      tell(frame);
    }
  });
  // Sites fade from theme to theme: look again when the fade is over.
  const changed = () => [0, 400].forEach((ms) => setTimeout(tellAll, ms));
  const watch = () => {
    const observer = new MutationObserver(changed);
    const attributes = { attributeFilter: ["class", "style", "data-theme", "data-md-color-scheme", "data-mode"] };
    [document.documentElement, document.body].forEach((element) => observer.observe(element, attributes));
    // Frames that were there first are asked for their height by being told the theme.
    changed();
  };
  document.body ? watch() : addEventListener("DOMContentLoaded", watch);
  dark.addEventListener("change", changed);

  customElements.get("crossover-chart") ?? customElements.define("crossover-chart", class extends HTMLElement {
    static observedAttributes = ["panel", "link", "theme", "controls", "app"];
    // The frame is in a tree of its own: a generator that starts a page it has rendered before finds nothing it did not make.
    root = this.attachShadow({ mode: "open" });
    connectedCallback() {
      const of = (name, otherwise = "") => this.getAttribute(name) ?? otherwise;
      const url = new URL(of("app", base.href), base);
      url.search = new URLSearchParams({ embed: of("panel", "break-even"), theme: of("theme", "auto") });
      if (of("controls")) url.searchParams.set("controls", of("controls"));
      url.hash = of("link").replace(/^[^#]*#/, "");
      const frame = document.createElement("iframe");
      Object.assign(frame, { src: url, loading: "lazy", title: of("title", `Crossover: ${of("panel", "break-even")}`) });
      Object.assign(frame.style, { display: "block", width: "100%", height: "420px", border: "0", colorScheme: "normal" });
      this.root.replaceChildren(frame);
    }
    attributeChangedCallback() {
      if (this.isConnected && this.root.firstChild) this.connectedCallback();
    }
  });
})();
