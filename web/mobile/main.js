/**
 * The phone's page begins here: words, then the state of the phone's session, or the link that a tap will open.
 */
import { Problem } from "../shared/api.js";
import { loadWords, preferredLocale } from "../shared/i18n.js";
import { App } from "./app.js";
import { linkScreen } from "./screens/link.js";
import { openScreen } from "./screens/open.js";

async function start() {
  await loadWords(preferredLocale());
  const app = new App();
  const address = location.hash.slice(1);
  // A hand-off token stands in the fragment alone; the pages' own addresses begin with a slash.
  if (address && !address.startsWith("/")) {
    app.show(openScreen(app, decodeURIComponent(address)));
    return;
  }
  try {
    await app.refresh();
    const wanted = app.state.session.locale;
    if ((wanted === "zh-CN" || wanted === "en") && wanted !== document.documentElement.lang) {
      await loadWords(wanted);
      app.render(true);
    }
  } catch (error) {
    if (error instanceof Problem && error.code === "unauthorized") app.show(linkScreen("none", null));
    else app.fail(error);
  }
}

void start();
