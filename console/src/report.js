// A report of the program in a window of its own, to be read, printed or kept as PDF.
import { api } from "./api.js";
import { _ } from "./i18n.js";

/** Runs a command with `--html` and shows its page.  The window has the policy of this page, which takes no style from
    inside of a document: so its rules go in as a sheet made by this script, and no script or address of its own counts. */
export async function openReport(command, { words, options = {} }) {
  const target = open("", "_blank"); // before anything is waited for: browsers open windows for a click alone
  if (!target) throw new Error(_("The browser has not opened a window for the report. Allow it for this page."));
  try {
    const made = new DOMParser().parseFromString(await (await api(command, { words, options: { ...options, html: true } })).text(), "text/html");
    const rules = new target.CSSStyleSheet(), styles = [...made.querySelectorAll("style")];
    rules.replaceSync(styles.map((s) => s.textContent).join("\n"));
    styles.forEach((s) => s.remove());
    target.document.replaceChild(target.document.adoptNode(made.documentElement), target.document.documentElement);
    target.document.adoptedStyleSheets = [rules];
    return target;
  } catch (fault) {
    target.close();
    throw fault;
  }
}
