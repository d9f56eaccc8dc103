// The sites of docs/recipes in headless Chromium, after scripts/sites.sh has built them; `make test-sites` does both.
import config from "./playwright.config.mjs";

export default { ...config, testMatch: "*.sites.mjs", reporter: [["list"]] };
