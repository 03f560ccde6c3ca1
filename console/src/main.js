// The page's beginning: takes the session's secret from behind `#`, and shows what waits.
import { html, render } from "htm/preact";
import { api, takeSecret } from "./api.js";

takeSecret();
const waiting = await api("inbox");
render(html`<pre>${JSON.stringify(waiting, null, 1)}</pre>`, document.body);
