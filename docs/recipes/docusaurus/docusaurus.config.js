export default {
  title: "Runbook",
  url: "https://runbook.example",
  baseUrl: "/",
  onBrokenLinks: "throw",
  scripts: [{ src: "https://crossover.example/embed.js", async: true }],
  presets: [["classic", { docs: { routeBasePath: "/", sidebarPath: false }, blog: false, pages: false }]],
};
