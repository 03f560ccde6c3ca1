// A report of the program in a window of its own, to be read, printed or kept as PDF.
import { api } from "./api.js";
import { _ } from "./i18n.js";

/** Runs a command with `--html` and shows its page.  The window has the policy of this page, which takes no style from
    inside of a document: so its rules go in as a sheet made by this script, and no script or address of its own counts. */
export async function openReport(command, { words, options = {} }) {
  const target = open("", "_blank"); // before anything is waited for: browsers open windows for a click alone
  if (!target) throw new Error(_("The browser has not opened a window for the report. Allow it for this page."));
  try {
    let rules = ""; // what others wrote is spelled out, so that each of these tags is the program's
    const text = await (await api(command, { words, options: { ...options, html: true } })).text();
    const made = new DOMParser().parseFromString(
      text.replace(/<style>([^<]*)<\/style>/g, (_all, part) => ((rules += part), "")),
      "text/html",
    );
    const sheet = new target.CSSStyleSheet();
    sheet.replaceSync(rules);
    target.document.replaceChild(target.document.importNode(made.documentElement, true), target.document.documentElement);
    target.document.adoptedStyleSheets = [sheet];
    return target;
  } catch (fault) {
    target.close();
    throw fault;
  }
}
