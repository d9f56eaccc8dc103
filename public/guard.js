// Says why the page does not start, or stopped, in words: this small script needs neither WebAssembly nor the network.
(() => {
  const started = () => !document.getElementById("loading");
  const say = (title, words) => {
    if (document.getElementById("failure")) return;
    const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const banner = element("section", "");
    banner.id = "failure";
    banner.setAttribute("role", "alert");
    banner.append(element("h2", title), element("p", words), element("p", "Your link, to keep:"), element("pre", location.href), element("button", "Try again"));
    document.body.prepend(banner);
  };
  const fail = (event) => {
    // A picture or a style that is missing stops nothing.
    if (event.target instanceof Element && event.target.localName !== "script") return;
    const reason = event.reason ?? event.error ?? event.target?.src ?? event.target?.href;
    if (reason === undefined) return;
    console.debug("Crossover:", String(reason));
    if (started()) {
      if (!(reason instanceof WebAssembly.RuntimeError)) return;
      say("Crossover stopped", "Something could not be computed. Nothing was sent anywhere; try again, or change the link.");
    } else if (typeof WebAssembly !== "object") {
      say("Crossover cannot run here", "This browser has no WebAssembly, or it is switched off. The same engine runs in a terminal: see the project's README.");
    } else {
      say("The planner could not be loaded", navigator.onLine
        ? "A part of the page did not arrive. Check the connection and try again; your scenario is in the address and is not lost."
        : "This device is offline, and the page was not kept from an earlier visit. Try again with a connection.");
    }
  };
  setTimeout(() => {
    const waiting = document.getElementById("loading")?.querySelector("p:last-of-type");
    if (waiting) waiting.textContent = "The planner is still loading: the connection is slow. Your scenario is in the address and is not lost.";
  }, 12_000);
  addEventListener("click", (event) => {
    const button = event.target.closest?.("#failure button");
    if (!button) return;
    // Offline a page that the browser does not keep would be gone, and the link with it.
    if (navigator.onLine || navigator.serviceWorker?.controller) location.reload();
    else button.textContent = "Still offline: try again later";
  });
  addEventListener("unhandledrejection", fail);
  addEventListener("error", fail, true);
})();
